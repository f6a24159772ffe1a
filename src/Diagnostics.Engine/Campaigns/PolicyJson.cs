using System.Text.Json;
using System.Text.Json.Serialization;
using Diagnostics.Engine.Profiles;

namespace Diagnostics.Engine.Campaigns;

/// <summary>Policy documents between JSON and their records; strict, so that a misspelt field is an error and not a default.</summary>
public static class PolicyJson
{
    private static readonly JsonSerializerOptions Options = Create();

    /// <exception cref="JsonException">The text is no document of this kind.</exception>
    public static T Read<T>(string content) where T : class =>
        JsonSerializer.Deserialize<T>(content, Options) ?? throw new JsonException("The text holds no document.");

    /// <summary>The canonical JSON of a document, or what is wrong with it.</summary>
    /// <param name="content">JSON of the kind's record.</param>
    public static Result<string> Check(PolicyKind kind, string content)
    {
        try
        {
            var (document, faults) = kind switch
            {
                PolicyKind.LevelScale => With<LevelScale>(content, PolicyRules.Faults),
                PolicyKind.Session => With<SessionPolicy>(content, PolicyRules.Faults),
                PolicyKind.Marking => With<MarkingPolicy>(content, PolicyRules.Faults),
                PolicyKind.Scoring => With<ScoringPolicy>(content, PolicyRules.Faults),
                PolicyKind.Consent => With<ConsentText>(content, PolicyRules.Faults),
                _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
            };
            if (faults.Count > 0)
                return Refusal.Invalid("policy-invalid", string.Join(" ", faults)).With("faults", faults);
            return CanonicalJson.Of(document);
        }
        catch (JsonException fault)
        {
            return Refusal.Invalid("policy-invalid", $"Содержимое — не документ вида «{Codes.Of(kind)}»: место {fault.Path ?? "$"}. Сравните поля с описанием этого вида.").With("path", fault.Path);
        }
    }

    private static (object Document, IReadOnlyList<string> Faults) With<T>(string content, Func<T, IEnumerable<string>> faults) where T : class
    {
        var document = Read<T>(content);
        return (document, faults(document).ToList());
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
