using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests.Profiles;

/// <summary>
/// Checks a document against a JSON Schema (2020-12) by the keywords that our schema uses; a keyword it does not know is
/// a fault of the schema, so that none is passed over.
/// </summary>
internal sealed class SchemaCheck(JsonObject root)
{
    private static readonly HashSet<string> Annotations = ["$schema", "$id", "$defs", "title", "description"];

    /// <returns>What does not fit, with its place; empty when all does.</returns>
    internal IReadOnlyList<string> Faults(JsonNode? document) => Check(document, root, "$").ToList();

    private IEnumerable<string> Check(JsonNode? node, JsonObject schema, string place)
    {
        foreach (var (keyword, rule) in schema)
        {
            if (Annotations.Contains(keyword)) continue;
            foreach (var fault in Apply(keyword, rule!, node, schema, place)) yield return fault;
        }
    }

    private IEnumerable<string> Apply(string keyword, JsonNode rule, JsonNode? node, JsonObject schema, string place) => keyword switch
    {
        "$ref" => Check(node, (JsonObject)root["$defs"]![rule.GetValue<string>()["#/$defs/".Length..]]!, place),
        "type" => Fault(IsOf(node, rule.GetValue<string>()), place, $"is no {rule}"),
        "enum" => Fault(rule.AsArray().Any(value => JsonNode.DeepEquals(value, node)), place, $"{node} is none of {rule.ToJsonString()}"),
        "const" => Fault(JsonNode.DeepEquals(rule, node), place, $"{node} is not {rule.ToJsonString()}"),
        "minimum" => Fault(Number(node) >= Number(rule), place, $"{node} < {rule}"),
        "maximum" => Fault(Number(node) <= Number(rule), place, $"{node} > {rule}"),
        "multipleOf" => Fault(Number(node) % Number(rule) == 0, place, $"{node} is no multiple of {rule}"),
        "minLength" => Fault(node!.GetValue<string>().Length >= rule.GetValue<int>(), place, "is too short"),
        "pattern" => Fault(Regex.IsMatch(node!.GetValue<string>(), rule.GetValue<string>()), place, $"{node} is not like {rule}"),
        "minItems" => Fault(node!.AsArray().Count >= rule.GetValue<int>(), place, "has too few items"),
        "format" => Fault(rule.GetValue<string>() switch
        {
            "uuid" => Guid.TryParseExact(node!.GetValue<string>(), "D", out _),
            "date" => DateOnly.TryParseExact(node!.GetValue<string>(), "yyyy-MM-dd", out _),
            "date-time" => DateTimeOffset.TryParse(node!.GetValue<string>(), null, out _) && node.GetValue<string>().EndsWith('Z'),
            _ => false,
        }, place, $"{node} is no {rule}"),
        "required" => rule.AsArray().Where(name => node is not JsonObject members || !members.ContainsKey(name!.GetValue<string>())).Select(name => $"{place}: {name} is missing"),
        "properties" => node is JsonObject members
            ? rule.AsObject().Where(property => members.ContainsKey(property.Key)).SelectMany(property => Check(members[property.Key], (JsonObject)property.Value!, $"{place}.{property.Key}"))
            : [],
        "additionalProperties" => node is JsonObject members && !rule.GetValue<bool>()
            ? members.Select(member => member.Key).Except(schema["properties"]!.AsObject().Select(property => property.Key)).Select(name => $"{place}: {name} is unknown")
            : [],
        "items" => node is JsonArray items ? items.SelectMany((item, index) => Check(item, (JsonObject)rule, $"{place}[{index}]")) : [],
        "oneOf" => Fault(rule.AsArray().Count(option => !Check(node, (JsonObject)option!, place).Any()) == 1, place, "fits not exactly one of the alternatives"),
        "not" => Fault(Check(node, (JsonObject)rule, place).Any(), place, "fits what it must not"),
        _ => [$"{place}: the check does not know the keyword {keyword}"],
    };

    private static IEnumerable<string> Fault(bool fits, string place, string fault) => fits ? [] : [$"{place}: {fault}"];

    private static decimal Number(JsonNode? node) => decimal.Parse(node!.ToJsonString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture);

    private static bool IsOf(JsonNode? node, string type) => type switch
    {
        "object" => node is JsonObject,
        "array" => node is JsonArray,
        "string" => node?.GetValueKind() is System.Text.Json.JsonValueKind.String,
        "boolean" => node?.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        "number" => node?.GetValueKind() is System.Text.Json.JsonValueKind.Number,
        "integer" => node?.GetValueKind() is System.Text.Json.JsonValueKind.Number && Number(node) % 1 == 0,
        _ => false,
    };
}
