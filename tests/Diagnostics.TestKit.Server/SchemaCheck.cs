using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Diagnostics.TestKit.Server;

/// <summary>
/// Checks a document against a JSON Schema (2020-12) by the keywords that our schemas use; a keyword it does not know is
/// a fault of the schema, so that none is passed over.
/// </summary>
/// <param name="root">What «#/…» points into.</param>
internal sealed class SchemaCheck(JsonObject root)
{
    private static readonly HashSet<string> Annotations =
        ["$schema", "$id", "$defs", "title", "description", "default", "example", "examples", "discriminator", "deprecated"];

    /// <returns>What does not fit, with its place; empty when all does.</returns>
    internal IReadOnlyList<string> Faults(JsonNode? document) => Faults(document, root);

    /// <param name="schema">Of this document; it may point into the root.</param>
    internal IReadOnlyList<string> Faults(JsonNode? document, JsonObject schema) => Check(document, schema, "$").ToList();

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
        "$ref" => Check(node, At(rule.GetValue<string>()), place),
        "type" => Fault(Types(rule).Any(type => IsOf(node, type)), place, $"is no {rule.ToJsonString()}"),
        "enum" => Fault(rule.AsArray().Any(value => JsonNode.DeepEquals(value, node)), place, $"{node} is none of {rule.ToJsonString()}"),
        "const" => Fault(JsonNode.DeepEquals(rule, node), place, $"{node} is not {rule.ToJsonString()}"),
        "minimum" => Fault(!IsNumber(node) || Number(node) >= Number(rule), place, $"{node} < {rule}"),
        "maximum" => Fault(!IsNumber(node) || Number(node) <= Number(rule), place, $"{node} > {rule}"),
        "multipleOf" => Fault(!IsNumber(node) || Number(node) % Number(rule) == 0, place, $"{node} is no multiple of {rule}"),
        "minLength" => Fault(Text(node) is not { } text || Length(text) >= rule.GetValue<int>(), place, "is too short"),
        "maxLength" => Fault(Text(node) is not { } text || Length(text) <= rule.GetValue<int>(), place, "is too long"),
        "minItems" => Fault(node is not JsonArray array || array.Count >= rule.GetValue<int>(), place, "has too few items"),
        "pattern" => Fault(Text(node) is not { } text || Regex.IsMatch(text, rule.GetValue<string>()), place, $"{node} is not like {rule}"),
        "format" => Fault(IsOfFormat(node, rule.GetValue<string>()), place, $"{node} is no {rule}"),
        "required" => node is JsonObject members
            ? rule.AsArray().Where(name => !members.ContainsKey(name!.GetValue<string>())).Select(name => $"{place}: {name} is missing")
            : [],
        "properties" => node is JsonObject members
            ? rule.AsObject().Where(property => members.ContainsKey(property.Key))
                .SelectMany(property => Check(members[property.Key], (JsonObject)property.Value!, $"{place}.{property.Key}"))
            : [],
        "additionalProperties" => Others(rule, node, schema, place),
        "items" => node is JsonArray items ? items.SelectMany((item, index) => Check(item, (JsonObject)rule, $"{place}[{index}]")) : [],
        "oneOf" => Fault(rule.AsArray().Count(option => !Check(node, (JsonObject)option!, place).Any()) == 1, place, "fits not exactly one of the alternatives"),
        "anyOf" => Fault(rule.AsArray().Any(option => !Check(node, (JsonObject)option!, place).Any()), place, "fits none of the alternatives"),
        "not" => Fault(Check(node, (JsonObject)rule, place).Any(), place, "fits what it must not"),
        _ => [$"{place}: the check does not know the keyword {keyword}"],
    };

    private IEnumerable<string> Others(JsonNode rule, JsonNode? node, JsonObject schema, string place)
    {
        if (node is not JsonObject members) return [];
        var declared = schema["properties"] is JsonObject properties ? properties.Select(property => property.Key).ToHashSet() : [];
        var others = members.Where(member => !declared.Contains(member.Key));
        return rule is JsonObject each
            ? others.SelectMany(member => Check(member.Value, each, $"{place}.{member.Key}"))
            : rule.GetValue<bool>() ? [] : others.Select(member => $"{place}: {member.Key} is unknown");
    }

    private JsonObject At(string pointer) => (JsonObject)pointer.Split('/').Skip(1)
        .Aggregate((JsonNode)root, (node, step) => node[step] ?? throw new InvalidOperationException($"{pointer} is nowhere."));

    private static IEnumerable<string> Fault(bool fits, string place, string fault) => fits ? [] : [$"{place}: {fault}"];

    private static IEnumerable<string> Types(JsonNode rule) =>
        rule is JsonArray several ? several.Select(type => type!.GetValue<string>()) : [rule.GetValue<string>()];

    private static decimal Number(JsonNode? node) => decimal.Parse(node!.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static bool IsNumber(JsonNode? node) => node?.GetValueKind() is JsonValueKind.Number;

    private static string? Text(JsonNode? node) => node?.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : null;

    private static int Length(string text) => text.EnumerateRunes().Count();

    private static bool IsOfFormat(JsonNode? node, string format) => Text(node) is { } text
        ? format switch
        {
            "uuid" => Guid.TryParseExact(text, "D", out _),
            "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", out _),
            "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _) && text.EndsWith('Z'),
            // A path alone is taken for the address of a file.
            "uri" => Uri.TryCreate(text, UriKind.Absolute, out var uri) && text.StartsWith($"{uri.Scheme}:", StringComparison.OrdinalIgnoreCase),
            _ => false,
        }
        : !IsNumber(node) || format switch
        {
            "int32" => Number(node) is >= int.MinValue and <= int.MaxValue,
            "int64" => Number(node) is >= long.MinValue and <= long.MaxValue,
            _ => format == "double",
        };

    private static bool IsOf(JsonNode? node, string type) => type switch
    {
        "null" => node is null,
        "object" => node is JsonObject,
        "array" => node is JsonArray,
        "string" => Text(node) is not null,
        "boolean" => node?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "number" => IsNumber(node),
        "integer" => IsNumber(node) && Number(node) % 1 == 0,
        _ => false,
    };
}
