using System.Text;

namespace Diagnostics.Engine.ItemBank.Writing;

/// <summary>Collects the lines of a YAML file in the layout of the bank's README.</summary>
internal sealed class YamlLines
{
    private readonly StringBuilder text = new();

    public override string ToString() => text.ToString();

    /// <summary>Writes <c>name: text</c>; a text of several lines becomes a block.</summary>
    internal void Text(int indent, string name, string value)
    {
        if (YamlScalar.Block(value) is not { } lines)
        {
            Raw(indent, $"{name}: {YamlScalar.Write(value, inFlow: false)}");
            return;
        }
        // The dash of a list entry stands before the name; the block is indented under the name.
        var margin = name.StartsWith("- ", StringComparison.Ordinal) ? indent + 4 : indent + 2;
        Raw(indent, $"{name}: |");
        foreach (var line in lines)
            Raw(line.Length == 0 ? 0 : margin, line);
    }

    internal void OptionalText(int indent, string name, string? value)
    {
        if (value is not null)
            Text(indent, name, value);
    }

    internal void Raw(int indent, string line) => text.Append(' ', indent).Append(line).Append('\n');

    internal static string Flow(params IEnumerable<(string Name, string? Value)> fields) =>
        "{" + string.Join(", ", fields.Where(field => field.Value is not null).Select(field => $"{field.Name}: {field.Value}")) + "}";

    internal static string Quote(string value) => YamlScalar.Write(value, inFlow: true);

    internal static string? QuoteOptional(string? value) => value is null ? null : Quote(value);

    internal static string Flow(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(Quote))}]";

    /// <summary>Writes a map in the order of its keys, so that equal content always gives equal text.</summary>
    internal static string Flow<T>(IReadOnlyDictionary<string, T> map, Func<T, string> write) =>
        Flow(map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (Key(pair.Key), (string?)write(pair.Value))));

    // A key such as 1:b needs quotes; a key such as 1 reads the same without them.
    private static string Key(string key) =>
        key.All(char.IsAsciiLetterOrDigit)
            ? key
            : $"\"{key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
