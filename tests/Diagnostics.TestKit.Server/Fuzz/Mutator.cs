using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Diagnostics.TestKit.Server.Fuzz;

/// <summary>Changes a good request in one respect, which depends only on the seed.</summary>
internal sealed class Mutator(Random random, Knowledge known)
{
    private static readonly string[] Texts =
    [
        "",
        " ",
        "\u200b",
        "\0",
        "\ud800",
        "a\u0000b",
        "'; DROP TABLE sessions; --",
        "<script>",
        "../../etc/passwd",
        "null",
        "true",
        "0",
        "-1",
        "𝟙",
        "\u202Eабв",
        "е\u0301",
        "2026-12-05T24:00:00Z",
        "2026-12-05",
        "2026-12-05T10:00:00",
        "2026-02-30T10:00:00Z",
        "9999-12-31T23:59:59.9999999Z",
        "0001-01-01T00:00:00Z",
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "{",
        "%00",
        "%",
        "a/b",
        ".",
        "..",
    ];

    private static readonly string[] Numbers =
    [
        "0",
        "-1",
        "1",
        "2147483648",
        "-2147483649",
        "9223372036854775808",
        "1e400",
        "0.0",
        "1.5",
        "0.0001",
        "-0",
        "1e3",
        "NaN",
        "01",
        "99999999999999999999999999",
    ];

    private static readonly (string Name, string Value)[] Headers =
    [
        ("Content-Type", "application/json; charset=\"utf-8\""),
        ("Content-Type", "application/json; charset=koi8-r"),
        ("Content-Type", "application/xml"),
        ("Content-Type", "text/plain"),
        ("Content-Type", "application/json; charset=utf8"),
        ("Content-Type", "nonsense"),
        ("Content-Type", ""),
        ("Content-Type", "multipart/form-data; boundary=x"),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Content-Encoding", "gzip"),
        ("Content-Encoding", "br"),
        ("Content-Encoding", "identity"),
        ("Accept", "text/html"),
        ("Accept", "application/vnd.x+json;version=9"),
        ("Accept", "*/*;q=abc"),
        ("If-Match", "*"),
        ("If-Match", "W/\"1\""),
        ("If-Match", "\"0\""),
        ("If-Match", "\"99\""),
        ("If-Match", "1"),
        ("If-Match", "\"1\", \"2\""),
        ("If-Match", "\"abc"),
        ("If-None-Match", "*"),
        ("If-None-Match", "W/\"1\""),
        ("If-Modified-Since", "yesterday"),
        ("Range", "bytes=0-1"),
        ("Idempotency-Key", ""),
        ("Idempotency-Key", " "),
        ("Idempotency-Key", "ключ"),
        ("Authorization", "Bearer"),
        ("Authorization", "Bearer x.y.z"),
        ("Authorization", "Basic YTpi"),
        ("Authorization", "Bearer " + "a.b.c"),
        ("Prefer", "return=minimal"),
        ("X-HTTP-Method-Override", "DELETE"),
        ("Accept-Encoding", "gzip"),
        ("Cookie", "a=b; =;"),
    ];

    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

    internal Sent Change(Sent sent) =>
        random.Next(sent.Body is null ? 6 : 14) switch
        {
            0 => sent with { Path = OtherPath(sent.Path) },
            1 => sent with { Path = OtherQuery(sent.Path) },
            2 => OtherHeader(sent),
            3 => sent with { Method = Methods[random.Next(Methods.Length)] },
            4 => sent.With("Authorization", random.Next(3) == 0 ? null : $"Bearer {known.AnyToken(random)}"),
            5 => sent.With("Idempotency-Key", random.Next(4) == 0 ? new string('k', 300) : $"key-{random.Next(20)}"),
            _ => sent with { Body = OtherBody(sent.Body!) },
        };

    private string OtherPath(string path)
    {
        var parts = path.Split('?');
        var steps = parts[0].Split('/');
        var at = random.Next(3, Math.Max(4, steps.Length));
        if (at < steps.Length)
            steps[at] = Uri.EscapeDataString(Words(random.Next(3)));
        return string.Join('/', steps) + (parts.Length > 1 ? "?" + parts[1] : "");
    }

    private string Words(int kind) =>
        kind switch
        {
            0 => Clean(Texts[random.Next(Texts.Length)]),
            1 => known.AnyId(random),
            _ => random.Next(10) == 0
                ? new string('a', 3000)
                : Guid.Empty.ToString("D")[..35] + random.Next(10).ToString(CultureInfo.InvariantCulture),
        };

    // Replaces a part that a client cannot put into an address, or that contains U+0000, because such a request would
    // never reach the service.
    private static string Clean(string text) => text is "" or "." or ".." || text.Contains('\ud800') || text.Contains('\0') ? "x" : text;

    private string OtherQuery(string path)
    {
        string[] queries =
        [
            "limit=0",
            "limit=-1",
            "limit=100000",
            "limit=abc",
            "limit=",
            "after=x",
            "after=",
            "surname=x",
            "unknown=1",
            "limit=1&limit=2",
            "campaignId=x",
            "campaignId=",
            "q=%00",
            "limit=1e3",
            "territory=%F0%9F%98%80",
        ];
        var query = random.Next(3) == 0 ? $"campaignId={known.AnyId(random)}" : queries[random.Next(queries.Length)];
        return path + (path.Contains('?') ? "&" : "?") + query;
    }

    private Sent OtherHeader(Sent sent)
    {
        var (name, value) = Headers[random.Next(Headers.Length)];
        return random.Next(8) == 0 ? sent.With(name, null) : sent.With(name, value);
    }

    private byte[] OtherBody(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        switch (random.Next(12))
        {
            case 0:
                return [];
            case 1:
                return body[..random.Next(body.Length + 1)];
            case 2:
                return [.. body, .. "}"u8];
            case 3:
                return [0xEF, 0xBB, 0xBF, .. body];
            case 4:
                return [.. body[..(body.Length / 2)], 0xFF, 0xFE, .. body[(body.Length / 2)..]];
            case 5:
                return Encoding.UTF8.GetBytes(new string('[', 2000));
            case 6:
                var bytes = new byte[random.Next(1, 200)];
                random.NextBytes(bytes);
                return bytes;
        }
        if (Parsed(text) is not { } node)
            return Encoding.UTF8.GetBytes(Scratched(text));
        try
        {
            return Encoding.UTF8.GetBytes(OtherJson(node));
        }
        catch (InvalidOperationException)
        {
            // An earlier change left half of a surrogate pair, which can be read but not written.
            return Encoding.UTF8.GetBytes(Scratched(text));
        }
    }

    private static JsonNode? Parsed(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new() { AllowDuplicateProperties = false });
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    /// <summary>Changes a file or a form: one line fewer, one line twice, or other characters.</summary>
    private string Scratched(string text)
    {
        var lines = text.Split('\n').ToList();
        var at = random.Next(lines.Count);
        if (random.Next(3) is var how && how == 0)
            lines.RemoveAt(at);
        else if (how == 1)
            lines.Insert(at, lines[random.Next(lines.Count)]);
        else
            lines[at] = lines[at].Insert(random.Next(lines[at].Length + 1), Clean(Texts[random.Next(Texts.Length)]));
        return string.Join('\n', lines);
    }

    private string OtherJson(JsonNode root)
    {
        var places = Places(root).ToList();
        if (places.Count == 0)
            return random.Next(2) == 0 ? "null" : "[]";
        var (parent, name, index) = places[random.Next(places.Count)];
        if (parent is JsonObject members)
        {
            switch (random.Next(6))
            {
                case 0:
                    members.Remove(name!);
                    break;
                case 1:
                    members[$"{name}x"] = members[name!]?.DeepClone();
                    break;
                case 2:
                    return Twice(root, name!);
                default:
                    return Replace(root, members, name!, Value(members[name!]));
            }
            return root.ToJsonString();
        }
        var array = (JsonArray)parent;
        if (random.Next(4) == 0)
        {
            for (var copy = 0; copy < (random.Next(10) == 0 ? 3000 : 3); copy++)
                array.Add(array[index]?.DeepClone());
            return root.ToJsonString();
        }
        array[index] = JsonValue.Create(Mark);
        return root.ToJsonString().Replace($"\"{Mark}\"", Value(null), StringComparison.Ordinal);
    }

    private const string Mark = "__fuzz__";

    private static string Replace(JsonNode root, JsonObject members, string name, string value)
    {
        members[name] = Mark;
        return root.ToJsonString().Replace($"\"{Mark}\"", value, StringComparison.Ordinal);
    }

    private static string Twice(JsonNode root, string name)
    {
        var text = root.ToJsonString();
        var at = text.IndexOf($"\"{name}\":", StringComparison.Ordinal);
        return at < 0 ? text : text.Insert(at, $"\"{name}\":null,");
    }

    /// <summary>JSON of a different value, of the same or another kind.</summary>
    private string Value(JsonNode? old) =>
        random.Next(9) switch
        {
            0 => "null",
            1 => "true",
            2 => Numbers[random.Next(Numbers.Length)],
            3 => "[]",
            4 => "{}",
            5 => $"\"{known.AnyId(random)}\"",
            6 => $"\"{new string('я', random.Next(4) == 0 ? 60_000 : 5000)}\"",
            7 => old is null ? "[null]" : $"[{old.ToJsonString()}]",
            _ => Quoted(Texts[random.Next(Texts.Length)]),
        };

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
            quoted.Append(letter is '"' or '\\' || letter < ' ' || char.IsSurrogate(letter) ? $"\\u{(int)letter:x4}" : letter.ToString());
        return quoted.Append('"').ToString();
    }

    private static IEnumerable<(JsonNode Parent, string? Name, int Index)> Places(JsonNode node)
    {
        if (node is JsonObject members)
            foreach (var (name, value) in members.ToList())
            {
                yield return (members, name, 0);
                if (value is not null)
                    foreach (var inner in Places(value))
                        yield return inner;
            }
        if (node is JsonArray array)
            for (var at = 0; at < array.Count; at++)
            {
                yield return (array, null, at);
                if (array[at] is { } value)
                    foreach (var inner in Places(value))
                        yield return inner;
            }
    }
}
