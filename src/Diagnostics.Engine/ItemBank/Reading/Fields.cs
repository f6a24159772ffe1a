using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>
/// The fields of one mapping. The reader requests each by name and kind. A missing field or one of another kind becomes
/// a finding and a harmless value, so that one reading of a file shows all its errors. A field that was never requested
/// counts as unknown.
/// </summary>
internal sealed class Fields
{
    private readonly YamlFile file;
    private readonly Dictionary<string, YamlNode> nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, YamlNode> names = new(StringComparer.Ordinal);
    private readonly List<string> asked = [];

    internal Fields(YamlFile file, YamlMappingNode node)
    {
        (this.file, Node) = (file, node);
        foreach (var (name, value) in node.Children)
        {
            if (name is YamlScalarNode { Value: { } text })
            {
                nodes[text] = value;
                names[text] = name;
            }
            else
            {
                Invalid(name, "Имя поля должно быть простым текстом.");
            }
        }
    }

    internal YamlMappingNode Node { get; }

    internal YamlFile File => file;

    internal bool Has(string name) => Find(name) is not null;

    /// <summary>The node of a field's value, or the mapping when the field is absent.</summary>
    internal YamlNode At(string name) => nodes.GetValueOrDefault(name, Node);

    internal string Text(string name) => Required(name) is { } node ? Scalar(node, name) : "";

    internal string? OptionalText(string name) => Find(name) is { } node ? Scalar(node, name) : null;

    /// <summary>Reads a text that is shown with its markup.</summary>
    internal string Markdown(string name) => Safe(name, Text(name));

    internal string? OptionalMarkdown(string name) => OptionalText(name) is { } text ? Safe(name, text) : null;

    internal int Number(string name, int minimum, int maximum)
    {
        if (Required(name) is not { } node)
            return minimum;
        if (
            int.TryParse(Scalar(node, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= minimum
            && number <= maximum
        )
            return number;
        Invalid(node, $"«{name}» — целое число от {minimum} до {maximum}.");
        return minimum;
    }

    internal Points Points(string name) => Required(name) is { } node ? ReadPoints(node, name) : Engine.Points.Zero;

    internal bool Flag(string name)
    {
        if (Find(name) is not { } node)
            return false;
        var text = Scalar(node, name);
        if (text is not ("true" or "false"))
            Invalid(node, $"«{name}» — true или false.");
        return text == "true";
    }

    internal T Choice<T>(string name, Func<string, T?> find, IEnumerable<string> known, T otherwise)
        where T : struct
    {
        if (Required(name) is not { } node)
            return otherwise;
        if (find(Scalar(node, name)) is { } found)
            return found;
        Invalid(node, $"«{name}» — одно из: {string.Join(", ", known)}.");
        return otherwise;
    }

    internal Fields? Mapping(string name) => Required(name) is { } node ? AsMapping(node, name) : null;

    internal Fields? OptionalMapping(string name) => Find(name) is { } node ? AsMapping(node, name) : null;

    internal IReadOnlyList<Fields> List(string name) =>
        Required(name) is { } node ? Sequence(node, name).Select(child => AsMapping(child, name)).OfType<Fields>().ToList() : [];

    internal IReadOnlyList<Fields> OptionalList(string name) =>
        Find(name) is null or YamlSequenceNode { Children.Count: 0 } ? [] : List(name);

    internal IReadOnlyList<string> Texts(string name) =>
        Required(name) is { } node ? Sequence(node, name).Select(child => Scalar(child, name)).ToList() : [];

    internal IReadOnlyList<string> OptionalTexts(string name) =>
        Find(name) is null or YamlSequenceNode { Children.Count: 0 } ? [] : Texts(name);

    internal IReadOnlyDictionary<string, string> TextMap(string name) => Map(name, node => Scalar(node, name));

    internal IReadOnlyDictionary<string, Points> PointsMap(string name) => Map(name, node => ReadPoints(node, name));

    internal void Invalid(YamlNode at, string message) =>
        file.Report(ReadingRules.FieldInvalid, at, message, "Исправьте значение; вид каждого поля описан в README банка.");

    /// <summary>Reports each code that stands in a list more than once.</summary>
    internal void ReportRepeated(string list, IEnumerable<string> codes)
    {
        foreach (var twice in codes.CountBy(code => code).Where(count => count.Value > 1))
            file.Report(ReadingRules.CodeDuplicate, At(list), $"Код «{twice.Key}» назван дважды.", "Дайте каждому свой код.");
    }

    /// <summary>Reports every field that was never requested.</summary>
    internal void Done()
    {
        foreach (var (name, at) in names.Where(pair => !asked.Contains(pair.Key)))
            file.Report(
                ReadingRules.FieldUnknown,
                at,
                $"Неизвестное поле «{name}».",
                IsTornText(name)
                    ? "Похоже, это конец текста: запятая внутри {…} отделяет поля. Возьмите весь текст в кавычки."
                    : $"Уберите его или исправьте имя; здесь бывают: {string.Join(", ", asked)}."
            );
    }

    // In «{id: a, text: Решить, кто прав}» YAML takes «кто прав» for a field without a value.
    private bool IsTornText(string name) => Node.Style is YamlDotNet.Core.Events.MappingStyle.Flow && IsNull(nodes[name]);

    private string Safe(string name, string text)
    {
        foreach (var fault in MarkdownSafety.Faults(text))
            file.Report(
                ReadingRules.MarkupUnsafe,
                At(name),
                $"«{name}»: {fault}",
                "Оставьте простой Markdown: абзацы, списки, таблицы, выделение."
            );
        return text;
    }

    private YamlNode? Find(string name)
    {
        if (!asked.Contains(name))
            asked.Add(name);
        return nodes.GetValueOrDefault(name) is { } node && !IsNull(node) ? node : null;
    }

    private YamlNode? Required(string name)
    {
        if (Find(name) is { } node)
            return node;
        file.Report(ReadingRules.FieldMissing, At(name), $"Нет обязательного поля «{name}».", "Допишите поле; образец — в README банка.");
        return null;
    }

    private string Scalar(YamlNode node, string name)
    {
        if (node is YamlScalarNode { Value: { } value } && !IsNull(node))
        {
            var text = YamlFile.OneLineEnd(value).Trim();
            // The character passes the check of the file's text when it is written as an escape (\0), but databases
            // refuse it.
            if (text.Contains('\0'))
                Invalid(node, $"«{name}» содержит знак U+0000.");
            else if (!VisibleText.ShowsNothing(text))
                return text;
            else
                Invalid(node, $"«{name}» пусто.");
            return "";
        }
        Invalid(node, $"«{name}» — текст, а не список и не вложенные поля; текст с «: » или со скобкой в начале берут в кавычки.");
        return "";
    }

    private Points ReadPoints(YamlNode node, string name)
    {
        if (
            decimal.TryParse(
                Scalar(node, name),
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var value
            ) && Engine.Points.TryFrom(value, out var points)
        )
            return points;
        Invalid(node, $"«{name}» — число баллов с точкой и не более чем тремя знаками после неё.");
        return Engine.Points.Zero;
    }

    private Fields? AsMapping(YamlNode node, string name)
    {
        if (node is YamlMappingNode mapping)
            return new Fields(file, mapping);
        Invalid(node, $"«{name}» — поля вида «имя: значение».");
        return null;
    }

    private IEnumerable<YamlNode> Sequence(YamlNode node, string name)
    {
        if (node is YamlSequenceNode { Children.Count: > 0 } sequence)
            return sequence.Children;
        Invalid(node, $"«{name}» — непустой список.");
        return [];
    }

    private Dictionary<string, T> Map<T>(string name, Func<YamlNode, T> read)
    {
        var map = new Dictionary<string, T>(StringComparer.Ordinal);
        if (Required(name) is not { } node || AsMapping(node, name) is not { } fields)
            return map;
        foreach (var (key, value) in fields.nodes)
            map[key] = read(value);
        return map;
    }

    private static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any, Value: null or "" or "~" or "null" or "Null" or "NULL" };
}
