using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Diagnostics.TestKit.Server.Fuzz;

/// <summary>The promises of the API description for every operation.</summary>
internal sealed class Contract
{
    private Contract(IReadOnlyList<Operation> operations, SchemaCheck schemas) => (Operations, Schemas) = (operations, schemas);

    internal IReadOnlyList<Operation> Operations { get; }

    internal SchemaCheck Schemas { get; }

    internal static Contract Read(string json)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        var operations =
            from path in root["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            where operation.Value is JsonObject { } named && named.ContainsKey("operationId")
            select Operation.Read(root, path.Key, operation.Key, (JsonObject)operation.Value!);
        return new(operations.ToList(), new(root));
    }

    /// <summary>The operation of a request; null when none is described.</summary>
    internal Operation? Of(string method, string path)
    {
        var bare = path.Split('?')[0];
        return Operations
            .Where(operation => operation.Method == method && operation.Matches(bare))
            .MinBy(operation => operation.Places.Count);
    }
}

/// <param name="Places">Placeholder names in the template, in order.</param>
/// <param name="Bodies">Media type → examples of a body; empty without a body.</param>
/// <param name="Answers">Status → media type → schema; null where the description gives no schema.</param>
internal sealed record Operation(
    string Id,
    string Method,
    string Template,
    IReadOnlyList<string> Places,
    IReadOnlyList<string> Queries,
    IReadOnlyList<string> Headers,
    IReadOnlyDictionary<string, IReadOnlyList<JsonNode>> Bodies,
    IReadOnlyDictionary<int, IReadOnlyDictionary<string, JsonObject?>> Answers
)
{
    private readonly Regex pattern = new(
        $"^{Regex.Replace(Regex.Escape(Template), @"\\\{[^}]+}", "([^/]+)")}$",
        RegexOptions.CultureInvariant
    );

    internal bool Matches(string path) => pattern.IsMatch(path);

    /// <summary>For each placeholder of the template, its name and its value in the given path.</summary>
    internal IEnumerable<(string Name, string Value)> Values(string path) =>
        Places.Zip(pattern.Match(path).Groups.Values.Skip(1), (name, group) => (name, Uri.UnescapeDataString(group.Value)));

    internal static Operation Read(JsonObject root, string template, string method, JsonObject operation)
    {
        var parameters = (operation["parameters"]?.AsArray() ?? []).Select(parameter => Follow(root, parameter!)).ToList();
        var bodies = (operation["requestBody"]?["content"]?.AsObject() ?? []).ToDictionary(
            content => content.Key,
            content => (IReadOnlyList<JsonNode>)Examples(content.Value!).ToList()
        );
        var answers = operation["responses"]!
            .AsObject()
            .ToDictionary(
                answer => int.Parse(answer.Key, System.Globalization.CultureInfo.InvariantCulture),
                answer =>
                    (IReadOnlyDictionary<string, JsonObject?>)
                        (Follow(root, answer.Value!)["content"]?.AsObject() ?? []).ToDictionary(
                            content => content.Key,
                            content => content.Value!["schema"] as JsonObject
                        )
            );
        var places = Regex.Matches(template, @"\{([^}]+)\}").Select(place => place.Groups[1].Value).ToList();
        var names = parameters.ToLookup(
            parameter => parameter["in"]!.GetValue<string>(),
            parameter => parameter["name"]!.GetValue<string>()
        );
        return new(
            operation["operationId"]!.GetValue<string>(),
            method.ToUpperInvariant(),
            template,
            places,
            [.. names["query"]],
            [.. names["header"]],
            bodies,
            answers
        );
    }

    private static IEnumerable<JsonNode> Examples(JsonNode content)
    {
        if (content["example"] is { } one)
            yield return one;
        foreach (var (_, example) in content["examples"]?.AsObject() ?? [])
            if (example!["value"] is { } value)
                yield return value;
    }

    private static JsonNode Follow(JsonObject root, JsonNode node) =>
        node["$ref"] is { } pointer
            ? pointer.GetValue<string>().Split('/').Skip(1).Aggregate((JsonNode)root, (at, step) => at[step]!)
            : node;
}
