using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Diagnostics.TestKit.Server;

/// <summary>
/// Checks documents against a JSON Schema (2020-12) with an independent library. A keyword that the library does not
/// know is an error, so that no keyword is ignored.
/// </summary>
internal sealed class SchemaCheck
{
    private const string Definitions = "https://diagnostics.invalid/";

    private static readonly Uri Root = new($"{Definitions}root");

    private static readonly EvaluationOptions Strict = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    /// <summary>OpenAPI keywords that do not affect validity.</summary>
    private static readonly HashSet<string> Foreign = ["discriminator", "example"];

    /// <summary>Directly below these keywords, a member's name is not a keyword.</summary>
    private static readonly HashSet<string> Named = ["properties", "$defs", "const", "enum", "examples", "default"];

    private readonly BuildOptions options = new() { SchemaRegistry = new SchemaRegistry() };
    private readonly ConditionalWeakTable<JsonObject, JsonSchema> built = [];
    private readonly JsonObject root;

    static SchemaCheck()
    {
        // A mere path must not be accepted as the address of a file.
        FormatRegistry.Global.Register(
            new PredicateFormat(
                "uri",
                (JsonElement value) =>
                    value.ValueKind is not JsonValueKind.String
                    || (
                        Uri.TryCreate(value.GetString(), UriKind.Absolute, out var uri)
                        && value.GetString()!.StartsWith($"{uri.Scheme}:", StringComparison.OrdinalIgnoreCase)
                    )
            )
        );
        FormatRegistry.Global.Register(new PredicateFormat("int32", (JsonElement value) => IsWhole(value, int.MinValue, int.MaxValue)));
        FormatRegistry.Global.Register(new PredicateFormat("int64", (JsonElement value) => IsWhole(value, long.MinValue, long.MaxValue)));
        FormatRegistry.Global.Register(
            new PredicateFormat("double", (JsonElement value) => value.ValueKind is not JsonValueKind.Number || value.TryGetDouble(out _))
        );
    }

    /// <param name="root">A schema, or an API description whose components the schemas refer to.</param>
    internal SchemaCheck(JsonObject root)
    {
        this.root = root;
        foreach (var (name, schema) in root["components"]?["schemas"]?.AsObject() ?? [])
            JsonSchema.FromText(Text(schema!), options, new Uri(Definitions + name));
        if (root.ContainsKey("$defs"))
            JsonSchema.FromText(Text(root), options, Root);
    }

    /// <returns>The faults with their places; empty when the document is valid.</returns>
    internal IReadOnlyList<string> Faults(JsonNode? document) => Faults(document, root);

    /// <param name="schema">A schema, which may refer to the components of the root.</param>
    internal IReadOnlyList<string> Faults(JsonNode? document, JsonObject schema)
    {
        var judge = built.GetValue(
            schema,
            asked =>
                JsonSchema.FromText(
                    asked.ContainsKey("$defs")
                        ? Text(asked)
                        : Text(asked).Replace("\"#/$defs/", $"\"{Root}#/$defs/", StringComparison.Ordinal),
                    options,
                    new Uri($"{Definitions}asked/{Guid.CreateVersion7():N}")
                )
        );
        var judgement = judge.Evaluate(JsonSerializer.SerializeToElement(document), Strict);
        return judgement.IsValid
            ? []
            : (judgement.Details ?? [])
                .Append(judgement)
                .SelectMany(detail =>
                    (detail.Errors ?? new Dictionary<string, string>()).Select(error => $"${detail.InstanceLocation}: {error.Value}")
                )
                .Distinct()
                .ToList();
    }

    private static string Text(JsonNode schema)
    {
        var own = Own(schema, isSchema: true)!.AsObject();
        own["$schema"] = MetaSchemas.Draft202012Id.ToString();
        own.Remove("$id");
        return own.ToJsonString().Replace("#/components/schemas/", Definitions, StringComparison.Ordinal);
    }

    private static JsonNode? Own(JsonNode? node, bool isSchema) =>
        node switch
        {
            JsonObject members => new JsonObject(
                members
                    .Where(member => !(isSchema && Foreign.Contains(member.Key)))
                    .Select(member => KeyValuePair.Create(member.Key, Own(member.Value, !(isSchema && Named.Contains(member.Key)))))
            ),
            JsonArray items => new JsonArray(items.Select(item => Own(item, isSchema)).ToArray()),
            _ => node?.DeepClone(),
        };

    private static bool IsWhole(JsonElement value, long least, long most) =>
        value.ValueKind is not JsonValueKind.Number
        || (value.GetDecimal() is var number && number % 1 == 0 && number >= least && number <= most);
}
