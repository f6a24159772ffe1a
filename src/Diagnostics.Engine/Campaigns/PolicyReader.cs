using System.Globalization;
using System.Text.Json.Nodes;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Diagnostics.Engine.Campaigns;

/// <summary>Reads a policy document from its file: <c>kind</c>, <c>code</c>, <c>version</c> and the <c>content</c> of that kind.</summary>
public static class PolicyReader
{
    /// <param name="forms">The forms of every kind.</param>
    /// <param name="path">Path inside the bank, for the findings.</param>
    /// <returns>The document, or null with the findings that give the reason.</returns>
    public static (Policy? Policy, IReadOnlyList<Finding> Findings) Read(PolicyForms forms, string path, string text)
    {
        var findings = new List<Finding>();
        var file = new YamlFile(path, findings);
        if (file.Open(text) is not { } fields)
            return (null, findings);
        var kind = fields.Choice("kind", Codes.Find<PolicyKind>, Enum.GetValues<PolicyKind>().Select(Codes.Of), PolicyKind.Session);
        var code = fields.Text("code");
        var version = fields.Number("version", 1, int.MaxValue);
        var content = fields.Mapping("content");
        fields.Done();
        if (code.Length > 0 && !Codes.IsCode(code))
            fields.Invalid(fields.At("code"), $"«code» — строчные латинские буквы, цифры и дефис, до {Codes.MaxLength} знаков.");
        if (file.Errors > 0 || content is null)
            return (null, findings);
        if (forms.Check(kind, ToJson(content.Node)!.ToJsonString()).Refused(out var refusal, out var canonical))
        {
            fields.Invalid(content.Node, refusal.Detail);
            return (null, findings);
        }
        return (new Policy(kind, code, version, canonical), findings);
    }

    private static JsonNode? ToJson(YamlNode node) =>
        node switch
        {
            YamlMappingNode mapping => new JsonObject(
                mapping.Children.Select(field =>
                    KeyValuePair.Create((field.Key as YamlScalarNode)?.Value ?? field.Key.ToString(), ToJson(field.Value))
                )
            ),
            YamlSequenceNode sequence => new JsonArray(sequence.Children.Select(ToJson).ToArray()),
            YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value ?? ""),
            YamlScalarNode text => JsonValue.Create(text.Value),
            _ => null,
        };

    // In YAML's core schema, a value without quotes may be a number, a truth value or null.
    private static JsonValue? Plain(string value) =>
        value switch
        {
            "" or "~" or "null" => null,
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            _ when long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(
                whole
            ),
            _ when decimal.TryParse(
                    value,
                    NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var number
                ) => JsonValue.Create(number),
            _ => JsonValue.Create(value),
        };
}
