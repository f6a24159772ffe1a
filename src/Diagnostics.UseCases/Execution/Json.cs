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
    /// <summary>The options for use outside requests: for stored documents and the tools' output.</summary>
    internal static readonly JsonSerializerOptions Options = Create();

    /// <summary>
    /// The options for reading stored documents: absent members become null, so that documents written by other
    /// versions of the service can be read.
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
        // If two members have the same name, some readers take the first and others the last, so nobody could know
        // which was meant.
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
    /// Refuses nulls in lists. The serializer respects the nullability of a member but not of the elements of a list,
    /// so a null in a list would cause a failure only later, far from the request.
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
            // RFC 3339 allows hours only up to 23, but NodaTime takes 24:00 for midnight of the next day.
            && !(text.Length > 13 && text.AsSpan(11, 2) is "24")
            && OffsetDateTimePattern.Rfc3339.Parse(text) is { Success: true } parsed
            // In the first and the last year an offset could take the time out of the range of an instant.
            && parsed.Value.Year is > 1 and < 9999
                ? parsed.Value.ToInstant()
                : throw new JsonException("An instant is RFC 3339 text, e.g. 2026-03-01T09:00:00Z.");

        public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) =>
            writer.WriteStringValue(InstantPattern.ExtendedIso.Format(value));
    }
}
