using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Diagnostics.TestKit.Server.Fuzz;

/// <summary>
/// What the run has learnt about the service: good requests, ids, tokens, tags, and the operations that have answered
/// well.
/// </summary>
internal sealed class Knowledge(Contract contract)
{
    private const int Most = 40;

    private readonly Dictionary<string, List<string>> ids = [];
    private readonly Dictionary<string, List<Sent>> good = [];
    private readonly Dictionary<string, string> tags = [];
    private readonly List<string> tokens = [];

    /// <summary>For each operation, the statuses of its answers with their counts.</summary>
    internal SortedDictionary<string, SortedDictionary<int, int>> Seen { get; } = [];

    internal IReadOnlyList<Operation> Unreached => contract.Operations.Where(operation => !Reached(operation)).ToList();

    internal bool Reached(Operation operation) =>
        Seen.TryGetValue(operation.Id, out var statuses) && statuses.Keys.Any(status => status is >= 200 and < 300);

    internal IReadOnlyList<string> Tokens => tokens;

    internal string AnyToken(Random random) => tokens.Count == 0 ? "none" : tokens[random.Next(tokens.Count)];

    internal string AnyId(Random random)
    {
        if (ids.Count == 0)
            return "01a032c8-9000-77aa-967e-bfe6f9d689f7";
        var all = ids.Values.ElementAt(random.Next(ids.Count));
        return all[random.Next(all.Count)];
    }

    internal Sent? Good(Operation operation, Random random) =>
        good.TryGetValue(operation.Id, out var requests) ? requests[random.Next(requests.Count)] : null;

    /// <summary>Learns from a request that was sent, and from its answer.</summary>
    internal async Task<Sent> Learn(HttpRequestMessage request, HttpResponseMessage answer, CancellationToken cancel)
    {
        var sent = new Sent(
            request.Method.Method,
            request.RequestUri!.PathAndQuery,
            request
                .Headers.Concat((IEnumerable<KeyValuePair<string, IEnumerable<string>>>?)request.Content?.Headers ?? [])
                .Where(header => header.Key != "Content-Length")
                .Select(header => (header.Key, string.Join(", ", header.Value)))
                .ToList(),
            request.Content is { } content ? await content.ReadAsByteArrayAsync(cancel) : null
        );
        var text = await answer.Content.ReadAsStringAsync(cancel);
        Learn(
            sent,
            new((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, text, default, null, answer.Headers.ETag?.ToString())
        );
        return sent;
    }

    internal void Learn(Sent sent, Received received)
    {
        if (contract.Of(sent.Method, sent.Path) is not { } operation)
            return;
        if (!Seen.TryGetValue(operation.Id, out var statuses))
            Seen[operation.Id] = statuses = [];
        statuses[received.Status] = statuses.GetValueOrDefault(received.Status) + 1;
        if (received.Status is < 200 or >= 300)
            return;
        if (received.Tag is { } tag)
            tags[sent.Path] = tag;
        Keep(good, operation.Id, sent);
        foreach (var (name, value) in operation.Values(sent.Path.Split('?')[0]))
            Keep(ids, Key(operation, name), value);
        if (received.MediaType == "application/json" && received.Body.Length < 200_000)
            LearnIds(operation, Parsed(received.Body), Resource(operation));
        if (sent.Header("Authorization")?.Split(' ') is ["Bearer", var token] && !tokens.Contains(token) && tokens.Count < Most)
            tokens.Add(token);
    }

    /// <summary>A request for an operation, built from its example and known ids.</summary>
    internal Sent? Draft(Operation operation, Random random, string token)
    {
        var path = operation.Template;
        foreach (var place in operation.Places)
        {
            var value =
                ids.TryGetValue(Key(operation, place), out var of) ? of[random.Next(of.Count)]
                : place is "slot" ? "1"
                : null;
            if (value is null)
                return null;
            path = path.Replace($"{{{place}}}", Uri.EscapeDataString(value), StringComparison.Ordinal);
        }
        if (operation.Queries.Contains("campaignId") && ids.TryGetValue("campaignId", out var campaigns) && random.Next(5) > 0)
            path += $"?campaignId={campaigns[random.Next(campaigns.Count)]}";
        var headers = new List<(string, string)> { ("Authorization", $"Bearer {token}") };
        if (operation.Queries.Contains("diagnostic"))
            path += "?diagnostic=fuzz";
        if (operation.Headers.Contains("Idempotency-Key"))
            headers.Add(("Idempotency-Key", $"draft-{random.Next()}"));
        // An ETag belongs to the edited thing. The path of an action on the thing lies below the path of the thing.
        if (operation.Headers.Contains("If-Match"))
            headers.Add(("If-Match", tags.GetValueOrDefault(path) ?? tags.GetValueOrDefault(path[..path.LastIndexOf('/')]) ?? "\"1\""));
        if (operation.Bodies.Count == 0)
            return new(operation.Method, path, headers, null);
        var (media, examples) = operation.Bodies.ElementAt(random.Next(operation.Bodies.Count));
        if (examples.Count == 0)
            return null;
        headers.Add(("Content-Type", media));
        var example = examples[random.Next(examples.Count)].DeepClone();
        Fill(example, random);
        return new(
            operation.Method,
            path,
            headers,
            Encoding.UTF8.GetBytes(
                example is JsonValue value2 && value2.GetValueKind() is JsonValueKind.String
                    ? value2.GetValue<string>()
                    : example.ToJsonString()
            )
        );
    }

    private void Fill(JsonNode? node, Random random)
    {
        if (node is JsonArray array)
            foreach (var item in array)
                Fill(item, random);
        if (node is not JsonObject members)
            return;
        foreach (var (name, value) in members.ToList())
        {
            if (name.EndsWith("Id", StringComparison.Ordinal) && ids.TryGetValue(name, out var known))
                members[name] = known[random.Next(known.Count)];
            else if (name.EndsWith("Ids", StringComparison.Ordinal) && ids.TryGetValue(name[..^1], out var several))
                members[name] = new JsonArray(several[random.Next(several.Count)]);
            // The values of members with these names must be unique.
            else if (name is "code" or "userName" or "clientId" or "externalId" && value is JsonValue && random.Next(2) == 0)
                members[name] = $"fuzz-{random.Next(100_000)}";
            else
                Fill(value, random);
        }
    }

    /// <param name="of">The kind of thing whose ids are called just <c>id</c> in this answer, e.g.
    /// <c>sites</c>.</param>
    private void LearnIds(Operation operation, JsonNode? node, string of)
    {
        if (node is JsonArray array)
            foreach (var item in array)
                LearnIds(operation, item, of);
        if (node is not JsonObject members)
            return;
        foreach (var (name, value) in members)
            if (value is JsonValue text && text.GetValueKind() is JsonValueKind.String)
            {
                if (name == "id")
                    Keep(ids, Singular(of), text.GetValue<string>());
                else if (name.EndsWith("Id", StringComparison.Ordinal))
                    Keep(ids, name, text.GetValue<string>());
                else if (name is "code" or "itemCode")
                    Keep(ids, Key(operation, name), text.GetValue<string>());
            }
            else if (name == "version" && value is JsonValue)
                Keep(ids, Key(operation, name), value.ToJsonString());
            else
                LearnIds(operation, value, name == "items" ? of : name);
    }

    /// <returns>Null for a body that is not JSON; the judge reports it.</returns>
    private static JsonNode? Parsed(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The name of an id states the kind of thing; for "code" and "version" the path states it.
    private static string Key(Operation operation, string name) =>
        name.EndsWith("Id", StringComparison.Ordinal) ? name : $"{operation.Template.Split('/').ElementAtOrDefault(3)}:{name}";

    private static string Resource(Operation operation) => operation.Template.Split('/').Last(step => !step.StartsWith('{'));

    private static string Singular(string resource)
    {
        var words = resource.Split('-');
        var name = string.Concat(words.Select((word, at) => at == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
        return (name.EndsWith('s') ? name[..^1] : name) + "Id";
    }

    private static void Keep<T>(Dictionary<string, List<T>> all, string key, T value)
    {
        if (!all.TryGetValue(key, out var kept))
            all[key] = kept = [];
        if (kept.Contains(value))
            return;
        // Keep the newest: old ones may no longer exist.
        if (kept.Count >= Most)
            kept.RemoveAt(0);
        kept.Add(value);
    }
}
