using System.Collections;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Diagnostics.Engine.ItemBank;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.UseCases.Execution;

/// <summary>The API's form of JSON: camelCase, snake_case codes, instants in UTC, Cyrillic unescaped.</summary>
internal static class Json
{
    /// <summary>Also used outside requests: for stored documents and output of the tools.</summary>
    internal static readonly JsonSerializerOptions Options = Create();

    /// <summary>
    /// Reads stored documents: absent members are null, and documents of other versions of the service are readable.
    /// </summary>
    internal static readonly JsonSerializerOptions Stored = new(Options)
    {
        RespectRequiredConstructorParameters = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        AllowDuplicateProperties = true,
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
        // Of two members with one name some readers take the first and others the last, so nobody would know which was
        // meant.
        options.AllowDuplicateProperties = false;
        options.Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);
        options.NumberHandling = JsonNumberHandling.Strict;
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver())
            .WithAddedModifier(ItemTypes.NameInJson)
            .WithAddedModifier(RefuseNullsInLists);
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.Converters.Add(new InstantConverter());
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(options);
        return options;
    }

    /// <summary>
    /// Refuses nulls in lists. The serializer respects the annotation of a member but not of the elements of its list,
    /// so a null there would fail far from its request.
    /// </summary>
    private static void RefuseNullsInLists(JsonTypeInfo contract)
    {
        if (contract.Kind is not JsonTypeInfoKind.Object)
            return;
        var annotations = new NullabilityInfoContext();
        var lists = contract.Properties.Where(HoldsNoNulls).ToList();
        if (lists.Count == 0)
            return;
        contract.OnDeserialized = read =>
        {
            foreach (var list in lists)
                if (list.Get!(read) is IList values && values.Contains(null))
                    throw new JsonException($"A null stands in the list {list.Name}.", $"$..{list.Name}", null, null);
        };

        bool HoldsNoNulls(JsonPropertyInfo member) =>
            member is { Get: not null, AttributeProvider: PropertyInfo { PropertyType: { IsGenericType: true } type } property }
            && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
            && !type.GenericTypeArguments[0].IsValueType
            && annotations.Create(property).GenericTypeArguments[0].ReadState is NullabilityState.NotNull;
    }

    private sealed class InstantConverter : JsonConverter<Instant>
    {
        public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String
            && reader.GetString() is { } text
            // RFC 3339 has hours up to 23; NodaTime reads 24:00 as the next day.
            && !(text.Length > 13 && text.AsSpan(11, 2) is "24")
            && OffsetDateTimePattern.Rfc3339.Parse(text) is { Success: true } parsed
            // An offset may carry the first and last years beyond the range of an instant.
            && parsed.Value.Year is > 1 and < 9999
                ? parsed.Value.ToInstant()
                : throw new JsonException("An instant is RFC 3339 text, e.g. 2026-03-01T09:00:00Z.");

        public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) =>
            writer.WriteStringValue(InstantPattern.ExtendedIso.Format(value));
    }
}
