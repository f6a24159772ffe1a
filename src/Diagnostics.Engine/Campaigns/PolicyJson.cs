using System.Text.Json;
using System.Text.Json.Serialization;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Sessions;

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
            if (NullAt(content) is { } at) return Unreadable(kind, at);
            var (document, faults) = kind switch
            {
                PolicyKind.LevelScale => With<LevelScale>(content, PolicyRules.Faults),
                PolicyKind.Session => With<SessionPolicy>(content, PolicyRules.Faults),
                PolicyKind.Marking => With<MarkingPolicy>(content, PolicyRules.Faults),
                PolicyKind.Scoring => With<ScoringPolicy>(content, PolicyRules.Faults),
                PolicyKind.Consent => With<ConsentText>(content, PolicyRules.Faults),
                PolicyKind.Appeals => With<AppealsPolicy>(content, PolicyRules.Faults),
                PolicyKind.Calendar => With<CalendarDocument>(content, PolicyRules.Faults),
                _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
            };
            if (faults.Count > 0)
                return Refusal.Invalid("policy-invalid", string.Join(" ", faults)).With("faults", faults);
            return CanonicalJson.Of(document);
        }
        catch (JsonException fault)
        {
            return Unreadable(kind, fault.Path ?? "$");
        }
    }

    private static Refusal Unreadable(PolicyKind kind, string path) => Refusal
        .Invalid("policy-invalid", $"Содержимое — не документ вида «{Codes.Of(kind)}»: место {path}. Сравните поля с описанием этого вида.")
        .With("path", path);

    /// <summary>No field of any kind may be null, and the reader does not look inside lists.</summary>
    private static string? NullAt(string content)
    {
        using var document = JsonDocument.Parse(content);
        return NullIn(document.RootElement, "$");
    }

    private static string? NullIn(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Null => path,
        JsonValueKind.Object => element.EnumerateObject().Select(field => NullIn(field.Value, $"{path}.{field.Name}")).FirstOrDefault(found => found is not null),
        JsonValueKind.Array => element.EnumerateArray().Select((one, index) => NullIn(one, $"{path}[{index}]")).FirstOrDefault(found => found is not null),
        _ => null,
    };

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
            AllowOutOfOrderMetadataProperties = true,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
