using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Diagnostics.Engine.ItemBank.Writing;

/// <summary>Writes one text as an author would: plain when it cannot be misread, otherwise quoted.</summary>
internal static partial class YamlScalar
{
    private static readonly SearchValues<char> FlowMarks = SearchValues.Create(",[]{}:");

    /// <param name="inFlow">Whether the text stands inside <c>{…}</c> or <c>[…]</c>, where commas and brackets end a
    /// plain text.</param>
    internal static string Write(string text, bool inFlow)
    {
        if (IsPlain(text, inFlow))
            return text;
        return text.All(IsPrintable) ? $"'{text.Replace("'", "''", StringComparison.Ordinal)}'" : DoubleQuoted(text);
    }

    /// <summary>Writes several lines as a literal block; null when reading would not give the same text back.</summary>
    internal static IEnumerable<string>? Block(string text)
    {
        var lines = text.Split('\n');
        var first = lines[0];
        if (lines.Length < 2 || first.Length == 0 || first[0] is ' ' or '\t')
            return null;
        return lines.All(line => line.All(letter => letter == '\t' || IsPrintable(letter))) ? lines : null;
    }

    private static bool IsPlain(string text, bool inFlow)
    {
        if (text.Length == 0 || text[^1] == ' ' || !text.All(IsPrintable) || LooksTyped().IsMatch(text))
            return false;
        if (!char.IsLetterOrDigit(text[0]) && text[0] is not ('«' or '—' or '−' or '√' or '('))
            return false;
        if (text.Contains(": ", StringComparison.Ordinal) || text[^1] == ':' || text.Contains(" #", StringComparison.Ordinal))
            return false;
        return !inFlow || !text.AsSpan().ContainsAny(FlowMarks);
    }

    // Characters that YAML keeps. It treats U+0085, U+2028 and U+2029 as line ends, and drops byte order marks.
    private static bool IsPrintable(char letter) =>
        letter is >= ' ' and not ('\u007F' or '\uFEFF' or '\u2028' or '\u2029' or '\uFFFE' or '\uFFFF' or (>= '\u0080' and < '\u00A0'));

    private static string DoubleQuoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            quoted.Append(
                letter switch
                {
                    '"' => "\\\"",
                    '\\' => "\\\\",
                    '\n' => "\\n",
                    '\t' => "\\t",
                    '\r' => "\\r",
                    _ when IsPrintable(letter) => letter.ToString(),
                    _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:X4}"),
                }
            );
        }
        return quoted.Append('"').ToString();
    }

    // Texts that another YAML reader would take for a number, a date, a truth value or null.
    [GeneratedRegex(
        @"^([+-]?[0-9.][0-9a-fA-FoOxX_.:+-]*|true|false|yes|no|on|off|null|y|n)\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex LooksTyped();
}
