using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Diagnostics.Engine.ItemBank;

/// <summary>
/// The canonical JSON of an item, as the database keeps it. Equal content always gives equal text, so the fingerprint
/// shows whether a file contains something new (docs/promises.md, items: a used version never changes).
/// </summary>
public static class ItemJson
{
    /// <summary>
    /// The only options for writing and reading items and responses; strict, so that damage is an error and not a zero.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = Create();

    public static string Write(Item item) => JsonSerializer.Serialize(item, Options);

    /// <exception cref="JsonException">The text is not an item.</exception>
    public static Item Read(string json) =>
        JsonSerializer.Deserialize<Item>(json, Options) ?? throw new JsonException("The text holds no item.");

    /// <summary>Lower-case hexadecimal SHA-256 of the canonical JSON.</summary>
    public static string Fingerprint(Item item) => Digest.Of(Write(item));

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            // The text is stored and compared, never pasted into HTML, so Cyrillic may stay readable for people who
            // look into the database.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            AllowOutOfOrderMetadataProperties = true,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };
        options.Converters.Add(new SortedDictionaryConverter<string, string>());
        options.Converters.Add(new SortedDictionaryConverter<string, Points>());
        options.Converters.Add(new SortedDictionaryConverter<int, Points>());
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { ItemTypes.NameInJson } };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>Writes keys in a fixed order, whatever the author's order, and refuses a repeated key.</summary>
    private sealed class SortedDictionaryConverter<TKey, TValue> : JsonConverter<IReadOnlyDictionary<TKey, TValue>>
        where TKey : notnull, IParsable<TKey>
    {
        private static readonly IComparer<TKey> Order =
            typeof(TKey) == typeof(string) ? (IComparer<TKey>)StringComparer.Ordinal : Comparer<TKey>.Default;

        public override IReadOnlyDictionary<TKey, TValue> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new JsonException("An object was expected.");
            var read = new Dictionary<TKey, TValue>();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!TKey.TryParse(reader.GetString(), System.Globalization.CultureInfo.InvariantCulture, out var key))
                    throw new JsonException("A key is not of the expected kind.");
                reader.Read();
                var value = JsonSerializer.Deserialize<TValue>(ref reader, options) ?? throw new JsonException("A value is null.");
                if (!read.TryAdd(key, value))
                    throw new JsonException("A key stands twice in one object.");
            }
            return read;
        }

        public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<TKey, TValue> value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (key, entry) in value.OrderBy(pair => pair.Key, Order))
            {
                writer.WritePropertyName(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{key}"));
                JsonSerializer.Serialize(writer, entry, options);
            }
            writer.WriteEndObject();
        }
    }
}
