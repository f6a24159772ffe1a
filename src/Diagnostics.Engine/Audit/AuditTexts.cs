using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Diagnostics.Engine.Audit;

/// <summary>Words from the details of an entry, stored beside the trail.</summary>
/// <param name="Path">Where in the details they belong, for example <c>reason</c> or <c>steps/0/note</c>.</param>
/// <param name="Salt">A random text. Without it, anybody could find out by trying whether a digest is that of some
/// words, even after the words are erased.</param>
public sealed record AuditText(string Path, string Salt, string Text)
{
    public string Digest => Engine.Digest.Of(Salt + Text);
}

/// <summary>
/// Keeps words out of the chain. An entry holds only the digests of the words in its details, so the words can be
/// erased later and the chain stays intact. Entries written before this rule hold their words themselves.
/// </summary>
public static partial class AuditTexts
{
    /// <summary>The name under which a digest stands.</summary>
    public const string Mark = "sha256";

    /// <summary>Details that may be words or personal data although they look like a code.</summary>
    private static readonly HashSet<string> AlwaysWords = ["reason", "subject", "normalised", "comment", "note"];

    /// <summary>Replaces the words in the details by their digests.</summary>
    /// <param name="details">Canonical JSON.</param>
    /// <param name="salt">Gives another random text for each of the words.</param>
    public static (string Sealed, IReadOnlyList<AuditText> Texts) Seal(string details, Func<string> salt)
    {
        var texts = new List<AuditText>();
        var node = Replace(JsonNode.Parse(details), "", "", Digested);
        return texts.Count == 0 ? (details, texts) : (CanonicalJson.Of(node), texts);

        JsonNode? Digested(JsonNode? value, string path, string name)
        {
            if (value is not JsonValue || !value.AsValue().TryGetValue<string>(out var text) || !IsWords(name, text))
                return value?.DeepClone();
            var words = new AuditText(path, salt(), text);
            texts.Add(words);
            return new JsonObject { [Mark] = words.Digest };
        }
    }

    /// <summary>
    /// Puts the words back where their digests are. Where words were erased, the digest stays. Returns the details as
    /// they are when they are no longer JSON.
    /// </summary>
    public static string Join(string details, IReadOnlyCollection<AuditText> texts)
    {
        if (texts.Count == 0 || !IsJson(details))
            return details;
        var words = texts.ToDictionary(text => text.Path, text => text.Text);
        return CanonicalJson.Of(
            Replace(JsonNode.Parse(details), "", "", (value, path, _) => words.TryGetValue(path, out var text) ? text : value?.DeepClone())
        );
    }

    /// <summary>Whether all words are those whose digests the entry holds.</summary>
    public static bool Agree(string? details, IReadOnlyCollection<AuditText> texts)
    {
        if (texts.Count == 0)
            return true;
        var digests = Digests(details);
        return texts.All(text => digests.Contains((text.Path, text.Digest)));
    }

    /// <summary>Whether the entry holds the digest of words that are no longer beside it.</summary>
    public static bool HasLost(string? details, IReadOnlyCollection<AuditText> texts) =>
        details?.Contains(Mark, StringComparison.Ordinal) is true && Digests(details).Count > texts.Count;

    /// <summary>The digests in the details, each with its place.</summary>
    private static HashSet<(string Path, string Digest)> Digests(string? details)
    {
        var digests = new HashSet<(string, string)>();
        Replace(
            details is null ? null : JsonNode.Parse(details),
            "",
            "",
            (value, path, _) =>
            {
                if (DigestIn(value) is { } digest)
                    digests.Add((path, digest));
                return null;
            }
        );
        return digests;
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var parsed = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? DigestIn(JsonNode? node) =>
        node is JsonObject { Count: 1 } fields && fields[Mark] is JsonValue value && value.TryGetValue<string>(out var digest)
            ? digest
            : null;

    private static JsonNode? Replace(JsonNode? node, string path, string name, Func<JsonNode?, string, string, JsonNode?> leaf)
    {
        return node switch
        {
            JsonObject fields when DigestIn(node) is null => new JsonObject(
                fields.Select(field => KeyValuePair.Create(field.Key, Replace(field.Value, At(field.Key), field.Key, leaf)))
            ),
            JsonArray elements => new JsonArray(
                elements
                    .Select((element, place) => Replace(element, At(place.ToString(CultureInfo.InvariantCulture)), name, leaf))
                    .ToArray()
            ),
            _ => leaf(node, path, name),
        };

        string At(string step) => path.Length == 0 ? step : $"{path}/{step}";
    }

    private static bool IsWords(string name, string text) => AlwaysWords.Contains(name) || !Code().IsMatch(text);

    /// <summary>Ids, codes, times and addresses of things: no blanks, and no letters outside ASCII.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9_.:/+\-]{0,200}$")]
    private static partial Regex Code();
}
