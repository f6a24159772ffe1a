using System.Text.RegularExpressions;

namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>
/// The style rules of a drawing. In a page, a <c>style</c> element would apply to the whole page, and the page's
/// content security policy blocks it anyway. So each rule is written into the elements that it selects.
/// </summary>
internal sealed partial class SvgStyle
{
    private sealed record Rule(string? Element, string? Class, string? Id, string Declarations)
    {
        internal int Weight => (Id is null ? 0 : 100) + (Class is null ? 0 : 10) + (Element is null ? 0 : 1);

        internal bool IsAbout(string element, string[] classes, string? id) =>
            (Element is null || Element == element) && (Class is null || classes.Contains(Class)) && (Id is null || Id == id);
    }

    private readonly List<Rule> rules = [];

    /// <summary>Adds the text of a <c>style</c> element; returns its fault in Russian, or null.</summary>
    internal string? Add(string text)
    {
        var rest = Comment().Replace(text, "");
        foreach (Match rule in Braces().Matches(rest))
        {
            foreach (var selector in rule.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries))
            {
                if (Selector().Match(selector) is not { Success: true } simple || selector.Length == 0)
                    return $"правило стиля «{selector}» слишком сложное: в рисунке бывают имя элемента, .класс и #код.";
                rules.Add(new(Part(simple, 1), Part(simple, 2), Part(simple, 3), rule.Groups[2].Value));
            }
        }
        return string.IsNullOrWhiteSpace(Braces().Replace(rest, ""))
            ? null
            : "стиль не из одних правил вида «.класс { свойство: значение }».";
    }

    /// <summary>
    /// The properties that the rules and the element's own <c>style</c> set. When a property is set twice, the later
    /// value wins.
    /// </summary>
    internal IEnumerable<(string Property, string Value)> Of(string element, string? classes, string? id, string? own)
    {
        var names = (classes ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return rules
            .Where(rule => rule.IsAbout(element, names, id))
            .OrderBy(rule => rule.Weight)
            .Select(rule => rule.Declarations)
            .Append(Comment().Replace(own ?? "", ""))
            .SelectMany(text => text.Split(';'))
            .Select(declaration => declaration.Split(':', 2, StringSplitOptions.TrimEntries))
            .Where(parts => parts.Length == 2)
            .Select(parts => (parts[0].ToLowerInvariant(), Important().Replace(parts[1], "").Trim()));
    }

    private static string? Part(Match match, int group) => match.Groups[group] is { Success: true, Value: var value } ? value : null;

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Comment();

    [GeneratedRegex(@"([^{}@]+)\{([^{}]*)\}", RegexOptions.NonBacktracking)]
    private static partial Regex Braces();

    [GeneratedRegex(@"^(?:\*|([A-Za-z]+))?(?:\.([\w-]+))?(?:#([\w-]+))?$", RegexOptions.NonBacktracking)]
    private static partial Regex Selector();

    [GeneratedRegex("!\\s*important", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Important();
}
