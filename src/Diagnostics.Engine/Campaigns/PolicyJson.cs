using System.Text.Json;
using System.Text.Json.Serialization;

namespace Diagnostics.Engine.Campaigns;

/// <summary>
/// Converts policy documents between JSON and records; strict, so that a misspelt field is an error and not a default.
/// </summary>
public static class PolicyJson
{
    private static readonly JsonSerializerOptions Options = Create();

    /// <exception cref="JsonException">The text is not a document of this kind.</exception>
    public static T Read<T>(string content)
        where T : class => JsonSerializer.Deserialize<T>(content, Options) ?? throw new JsonException("The text holds no document.");

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
