using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Diagnostics.Engine.ItemBank.Scoring;

/// <summary>The differences in spelling that make an answer wrong, as the author of the key decided.</summary>
internal readonly record struct Spelling(bool CaseSensitive, bool Yo);

/// <summary>
/// The text form of <c>ru-2</c>. NFKC and blanks are as in <c>ru-1</c>, but every character that carries meaning stays:
/// powers become «^2», indices «_2» and longer ones «^(n+1)», each prime becomes an apostrophe, and circled numbers
/// stay as they are. One closing full stop and enclosing quotes are dropped.
/// </summary>
internal static partial class Ru2Text
{
    /// <summary>The text for comparison. Normalising a second time changes nothing.</summary>
    internal static string Normalise(string text, Spelling spelling) => Fold(Shape(text), spelling);

    /// <summary>
    /// Gives letters one case, turns ё into е and gives look-alike letters one alphabet, as far as the author allows.
    /// </summary>
    internal static string Fold(string shape, Spelling spelling)
    {
        var text = LookAlikes.Fold(spelling.Yo ? shape : WithoutYo(shape), spelling.CaseSensitive);
        return spelling.CaseSensitive ? text : Lower(text);
    }

    internal static string WithoutYo(string shape) => shape.Replace('ё', 'е').Replace('Ё', 'Е');

    /// <summary>
    /// Unifies everything except letters, which keep their case. Shaping a second time changes nothing.
    /// </summary>
    internal static string Shape(string text) => Plain(text) ?? ShapeSigns(text);

    /// <summary>Whether a character is a superscript or a subscript.</summary>
    internal static bool IsScript(char letter) => Superscript().IsMatch([letter]) || Subscript().IsMatch([letter]);

    private static string ShapeSigns(string text)
    {
        var current = text;
        string previous;
        // Dropping one ending can reveal another, so the passes repeat. A pass only shortens the text, except for
        // symbols, which are spelled out once; so the loop ends.
        do
        {
            previous = current;
            current = Unwrap(Signs(Compatible(Scripts(VisibleText.WithoutInvisible(current)))));
        } while (current != previous);
        return current;
    }

    /// <summary>
    /// Returns the shape of most answers without further work. Such answers have words of the two alphabets and a
    /// number, with single blanks between them, at most one full stop inside, and nothing else to drop or change. Null
    /// for all others.
    /// </summary>
    private static string? Plain(string text)
    {
        var (before, stop) = (' ', -1);
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (letter is '.' or ',')
            {
                // Two full stops may separate a list; a full stop with no digit or letter before it begins a number.
                if (stop >= 0 || !char.IsAsciiLetterOrDigit(before) && !IsRussian(before))
                    return null;
                stop = at;
            }
            else if (letter is ' ')
            {
                if (before is ' ')
                    return null;
            }
            // A digit after a blank may belong to the thousands before it, so this short way does not apply.
            else if (!IsSign(letter) && !(char.IsAsciiDigit(letter) && (at == 0 || before is not ' ')))
                return null;
            before = letter;
        }
        if (before is ' ' or '.' or ',')
            return null;
        return stop > 0 && text[stop] == ',' && char.IsAsciiDigit(text[stop - 1]) && char.IsAsciiDigit(text[stop + 1])
            ? string.Concat(text.AsSpan(..stop), ".", text.AsSpan(stop + 1))
            : text;
    }

    /// <summary>Whether shaping always leaves the character as it is.</summary>
    private static bool IsSign(char letter) =>
        char.IsAsciiLetter(letter)
        || IsRussian(letter)
        || letter is '-' or '+' or '=' or '<' or '>' or '/' or '*' or '%' or '^' or '_' or '(' or ')' or ':' or '!' or '?';

    private static bool IsRussian(char letter) => letter is (>= 'А' and <= 'я') or 'ё' or 'Ё';

    /// <summary>
    /// Like <see cref="string.ToLowerInvariant"/>, but composes the result: otherwise «İ» would become two characters.
    /// </summary>
    internal static string Lower(string text)
    {
        var small = true;
        foreach (var letter in text)
        {
            // ASCII and Russian letters each have a single small letter.
            if (!char.IsAscii(letter) && !IsRussian(letter))
                return text.ToLowerInvariant().Normalize(NormalizationForm.FormC);
            small &= !char.IsUpper(letter);
        }
        return small
            ? text
            : string.Create(
                text.Length,
                text,
                static (lower, written) =>
                {
                    for (var at = 0; at < lower.Length; at++)
                        lower[at] = written[at] switch
                        {
                            (>= 'A' and <= 'Z') or (>= 'А' and <= 'Я') => (char)(written[at] + ('а' - 'А')),
                            'Ё' => 'ё',
                            var other => other,
                        };
                }
            );
    }

    /// <summary>
    /// Writes powers and indices in plain characters: «x²» → «x^2», «101₂» → «101_2». NFKC would turn the raised or
    /// lowered digit into a plain digit and lose its meaning, and would turn some standalone symbols into a blank and a
    /// mark.
    /// </summary>
    private static string Scripts(string text)
    {
        var alone = text.Replace('º', '°').Replace('\u02DA', '°').Replace('´', '\'').Replace("\u02DD", "''", StringComparison.Ordinal);
        var apart = VulgarFraction().Replace(alone, " $0");
        return Subscript().Replace(Superscript().Replace(apart, static run => Run('^', run)), static run => Run('_', run));
    }

    /// <summary>
    /// Writes a run of raised or lowered characters: «ⁿ⁺¹» → «^(n+1)», because «^n+1» would be another text, and «₂»
    /// before 8 → «_2 », because «_28» would be another text too. A number with its sign and the charge of an ion need
    /// no brackets.
    /// </summary>
    private static string Run(char mark, Match run)
    {
        var signs = run.Value.TrimStart(mark).Normalize(NormalizationForm.FormKC);
        var next = run.Groups["next"].ValueSpan;
        if (signs.Length > 1 && signs[0] != '(' && !Exponent().IsMatch(signs) && !(next.IsEmpty && Charge().IsMatch(signs)))
            return $"{mark}({signs})";
        return !next.IsEmpty && char.IsDigit(next[0]) ? $"{mark}{signs} " : $"{mark}{signs}";
    }

    /// <summary>NFKC, but without its changes that lose meaning, such as «①» to 1 and «№» to No.</summary>
    private static string Compatible(string text)
    {
        var done = new StringBuilder(text.Length);
        var start = 0;
        foreach (var sign in Kept().EnumerateMatches(text))
        {
            done.Append(text[start..sign.Index].Normalize(NormalizationForm.FormKC)).Append(text, sign.Index, sign.Length);
            start = sign.Index + sign.Length;
        }
        return done.Append(text[start..].Normalize(NormalizationForm.FormKC)).ToString();
    }

    private static string Signs(string text)
    {
        var alike = new StringBuilder(text.Length);
        foreach (var letter in MoreDots().Replace(text, ""))
            alike.Append(Alike(letter));
        var collapsed = Blanks().Replace(alike.ToString(), " ").Trim();
        var primed = Primes(NumberSign().Replace(collapsed, "№ "));
        var points = LeadingPoint().Replace(DecimalComma().Replace(primed, "."), "0.");
        return Thousands().Replace(points, static number => number.Value.Replace(" ", "", StringComparison.Ordinal));
    }

    internal static char Alike(char letter) =>
        letter switch
        {
            '\u2212' or '\u2043' or '\u02D7' => '-',
            '\u2044' or '\u2215' => '/',
            '\u22C5' or '\u2219' or '\u2022' => '·',
            // Each prime becomes one apostrophe, so that primes can be counted; NFKC has already split ″.
            '`' or '´' or '\u2032' or '\u2018' or '\u2019' or '\u201A' or '\u201B' or '\u02B9' or '\u02BC' => '\'',
            _ => CharUnicodeInfo.GetUnicodeCategory(letter) switch
            {
                UnicodeCategory.DashPunctuation => '-',
                UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation => '"',
                _ => letter == '\u201E' ? '"'
                : char.IsWhiteSpace(letter) ? ' '
                : letter,
            },
        };

    /// <summary>Turns a quotation mark that closes nothing into two primes: «f"(x)», «30"».</summary>
    private static string Primes(string text)
    {
        if (!text.Contains('"', StringComparison.Ordinal))
            return text;
        var (primed, open) = (new StringBuilder(text.Length + 2), false);
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            var afterWord = at > 0 && EndsWord(text[at - 1]);
            if (letter != '"')
                primed.Append(letter);
            else if (!open && afterWord)
                primed.Append("''");
            else
            {
                open = !open;
                primed.Append(letter);
            }
        }
        return primed.ToString();
    }

    private static bool EndsWord(char letter) =>
        char.IsLetterOrDigit(letter)
        || letter is ')' or '\''
        || CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark;

    /// <summary>Removes one closing full stop and the quotes around the whole text.</summary>
    private static string Unwrap(string text)
    {
        var bare = ClosingStop().Replace(text, "");
        if (VisibleText.ShowsNothing(bare))
            return text;
        foreach (var quote in (ReadOnlySpan<char>)['"', '\''])
        {
            var inside = bare.Length > 2 && bare[0] == quote && bare[^1] == quote ? bare[1..^1] : "";
            if (!VisibleText.ShowsNothing(inside) && !inside.Contains(quote, StringComparison.Ordinal))
                return inside.Trim();
        }
        return bare;
    }

    // ё becomes е, and a second diaeresis would turn that е back into ё.
    [GeneratedRegex("(?<=[ёЁ])\u0308+", RegexOptions.CultureInvariant)]
    private static partial Regex MoreDots();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Blanks();

    [GeneratedRegex(@"(?<=[0-9])[¼-¾⅐-⅞]", RegexOptions.CultureInvariant)]
    private static partial Regex VulgarFraction();

    [GeneratedRegex(@"\^?[⁰¹²³ⁱ⁴-ⁿʰ-ʸˡ-ˣᴬ-ᵡᶛ-ᶿ]+(?=(?<next>[\p{L}\p{Nd}(])?)", RegexOptions.CultureInvariant)]
    private static partial Regex Superscript();

    [GeneratedRegex(@"_?[₀-₎ₐ-ₜᵢ-ᵪⱼ]+(?=(?<next>[\p{L}\p{Nd}(])?)", RegexOptions.CultureInvariant)]
    private static partial Regex Subscript();

    [GeneratedRegex(@"\A[+−]?[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Exponent();

    [GeneratedRegex(@"\A[0-9]*[+−]\z", RegexOptions.CultureInvariant)]
    private static partial Regex Charge();

    // №, and single characters that show a number in a circle, in brackets or with a full stop.
    [GeneratedRegex(@"[№①-⓿❶-➓⑴-⒵㈀-㋿]+", RegexOptions.CultureInvariant)]
    private static partial Regex Kept();

    [GeneratedRegex(@"№ ?(?=[\p{L}\p{Nd}])", RegexOptions.CultureInvariant)]
    private static partial Regex NumberSign();

    // A single comma in a number is the decimal comma; several commas separate a list.
    [GeneratedRegex(@"(?<=(?<![0-9.,])[0-9]+),(?=[0-9]+(?![0-9]|[.,][0-9]))", RegexOptions.CultureInvariant)]
    private static partial Regex DecimalComma();

    [GeneratedRegex(@"(?<![\p{L}\p{Nd}.,)])[.,](?=[0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingPoint();

    // A blank is a thousands separator only inside a well-formed whole number: «12 500», not «5 6» and not «1 125/250».
    [GeneratedRegex(@"(?<![0-9.^_]|[\^_][+-]|[0-9] )[1-9][0-9]{0,2}( [0-9]{3})+(?! ?[0-9/])", RegexOptions.CultureInvariant)]
    private static partial Regex Thousands();

    [GeneratedRegex(@"(?<=[^\s.;,]) ?[.;,]\z", RegexOptions.CultureInvariant)]
    private static partial Regex ClosingStop();
}
