using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Diagnostics.UseCases.Operations;
using Diagnostics.Engine.ItemBank;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.UseCases.Execution;

/// <summary>How the API writes JSON: camelCase, snake_case codes, instants in UTC, Cyrillic as it is.</summary>
internal static class Json
{
    /// <summary>Used outside requests too: stored documents and replies of the tools.</summary>
    internal static readonly JsonSerializerOptions Options = Create();

    /// <summary>Reads what was stored: absent members are null, and a document of another version of the service is still read.</summary>
    internal static readonly JsonSerializerOptions Stored = new(Options)
    {
        RespectRequiredConstructorParameters = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };

    internal static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.AllowOutOfOrderMetadataProperties = true;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectRequiredConstructorParameters = true;
        options.RespectNullableAnnotations = true;
        options.MaxDepth = 32;
        options.Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);
        options.NumberHandling = JsonNumberHandling.Strict;
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(ItemTypes.NameInJson);
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.Converters.Add(new InstantConverter());
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(options);
        return options;
    }

    private sealed class InstantConverter : JsonConverter<Instant>
    {
        public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String && OffsetDateTimePattern.Rfc3339.Parse(reader.GetString()!) is { Success: true } parsed
            // An offset may carry the first and last years beyond what an instant can be.
            && parsed.Value.Year is > 1 and < 9999
                ? parsed.Value.ToInstant()
                : throw new JsonException("An instant is RFC 3339 text, e.g. 2026-03-01T09:00:00Z.");

        public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) =>
            writer.WriteStringValue(InstantPattern.ExtendedIso.Format(value));
    }
}
