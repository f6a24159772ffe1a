using System.Text;
using System.Text.RegularExpressions;

namespace Diagnostics.Engine.ItemBank.Scoring;

/// <summary>
/// Compiles the patterns of a key, each of which must match a whole answer, and converts them to the normalised form of
/// answers.
/// </summary>
internal static class AnswerPattern
{
    /// <param name="written">The pattern as the author wrote it.</param>
    /// <param name="used">The pattern with which answers are compared.</param>
    /// <exception cref="FormatException">The pattern is invalid, or cannot be matched in linear time.</exception>
    internal static Regex Compile(string written, string used)
    {
        const RegexOptions Safe = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
        try
        {
            // The pattern is first compiled alone, because «a)|(?:b» would otherwise close the group that makes it
            // match the whole answer.
            _ = new Regex(written, Safe);
            return new Regex($@"\A(?:{used})\z", Safe);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw new FormatException($"Регулярное выражение «{written}» в ключе не читается или небезопасно: {fault.Message}", fault);
        }
    }

    /// <summary>
    /// Converts a pattern to the form of <c>ru-2</c>: the author's text is normalised as typed answers are. A letter
    /// that has a look-alike stands for both; «\d» is 0–9.
    /// </summary>
    internal static string Fold(string pattern, Spelling spelling) => new PatternReader(pattern, spelling).Read().Folded;

    /// <summary>
    /// Whether some normalised text matches the pattern exactly as written. For example, «Т» never occurs where case
    /// does not count, and a comma never occurs between digits.
    /// </summary>
    internal static bool CanMatch(string pattern, Spelling spelling) => new PatternReader(pattern, spelling).Read().Possible;
}

/// <summary>Walks once through a pattern that <see cref="Regex"/> accepts, and assumes nothing else about it.</summary>
internal sealed class PatternReader(string pattern, Spelling spelling)
{
    private readonly StringBuilder folded = new(pattern.Length + 8);
    private int at;

    /// <summary>Whether the element that was read last matches only digits.</summary>
    private bool afterDigit;

    /// <summary>Returns the folded pattern, and whether some normalised text matches the pattern as written.</summary>
    internal (string Folded, bool Possible) Read()
    {
        var possible = Alternatives();
        while (at < pattern.Length)
        {
            folded.Append(pattern[at++]);
            possible |= Alternatives();
        }
        return (folded.ToString(), possible);
    }

    private bool Alternatives()
    {
        var possible = Sequence();
        while (at < pattern.Length && pattern[at] == '|')
        {
            folded.Append(pattern[at++]);
            possible |= Sequence();
        }
        return possible;
    }

    private bool Sequence()
    {
        var possible = true;
        afterDigit = false;
        while (at < pattern.Length && pattern[at] is not ('|' or ')'))
        {
            var one = One();
            // An optional element does not prevent a match.
            if (!MayBeLeftOut())
                possible &= one;
        }
        return possible;
    }

    private bool One()
    {
        switch (pattern[at])
        {
            case '(':
                return Group();
            case '[':
                return Class();
            case '\\':
                return Escape(inClass: false);
            case '.' or '^' or '$':
                afterDigit = false;
                folded.Append(pattern[at++]);
                return true;
            default:
                return Literal(pattern[at++]);
        }
    }

    private bool Group()
    {
        var header = Header();
        folded.Append(pattern, at, header);
        at += header;
        // «(?i)» ends here and encloses no pattern.
        if (pattern[at - 1] == ')')
            return true;
        var possible = Alternatives();
        if (at < pattern.Length)
            folded.Append(pattern[at++]);
        return possible;
    }

    private int Header()
    {
        if (at + 1 >= pattern.Length || pattern[at + 1] != '?')
            return 1;
        var end = at + 2;
        if (end < pattern.Length && pattern[end] is '<' or '\'')
        {
            while (end < pattern.Length && pattern[end] is not ('>' or '\'') || end == at + 2)
                end++;
            return end + 1 - at;
        }
        while (end < pattern.Length && pattern[end] is not (':' or ')' or '=' or '!' or '>'))
            end++;
        return end + 1 - at;
    }

    /// <summary>Copies a quantifier after the last element; true when it allows the element to be absent.</summary>
    private bool MayBeLeftOut()
    {
        if (at >= pattern.Length)
            return false;
        var none = pattern[at] is '*' or '?';
        if (none || pattern[at] == '+')
            folded.Append(pattern[at++]);
        else if (pattern[at] == '{' && pattern.IndexOf('}', at) is > 0 and var end && char.IsAsciiDigit(pattern[at + 1]))
        {
            none = int.TryParse(pattern[(at + 1)..end].Split(',')[0], out var least) && least == 0;
            folded.Append(pattern, at, end + 1 - at);
            at = end + 1;
        }
        else
            return false;
        if (at < pattern.Length && pattern[at] == '?')
            folded.Append(pattern[at++]);
        return none;
    }

    private bool Literal(char letter)
    {
        var digitBefore = afterDigit;
        afterDigit = char.IsAsciiDigit(letter);
        if (
            letter == ','
            && digitBefore
            && at < pattern.Length
            && (char.IsAsciiDigit(pattern[at]) || pattern.AsSpan(at).StartsWith(@"\d") || pattern.AsSpan(at).StartsWith("[0"))
        )
        {
            folded.Append("[.,]");
            return false;
        }
        if (letter == '№')
        {
            // A normalised answer has exactly one blank between № and a number, so the author's blanks do not count.
            while (at < pattern.Length && pattern[at] == ' ')
                at++;
            if (at < pattern.Length && pattern[at] is '?' or '*')
                at++;
            folded.Append("№ ?");
            return true;
        }
        var run = letter.ToString();
        // «²³» is one power, not a power of a power.
        while (Ru2Text.IsScript(letter) && at < pattern.Length && Ru2Text.IsScript(pattern[at]))
            run += pattern[at++];
        // The character after a raised or lowered run marks its end: «10²3» and «10²³», «log₂8» and «log₂₈» are
        // different texts.
        var shown = Form(run, Ru2Text.IsScript(letter) ? Next() : 'а');
        // One character of the author's pattern stays one unit for a quantifier after it: «см²?».
        if (shown.Length > 1)
            folded.Append("(?:");
        foreach (var sign in shown)
            if (LookAlikes.Twin(sign, spelling.CaseSensitive) is { } twin)
                folded.Append('[').Append(sign).Append(twin).Append(']');
            else
                folded.Append(Plain(sign));
        if (shown.Length > 1)
            folded.Append(')');
        return shown == run;
    }

    /// <summary>
    /// The next character if an answer may contain it; otherwise a closing bracket, which never binds to the run.
    /// </summary>
    private char Next() => at < pattern.Length && (char.IsLetterOrDigit(pattern[at]) || pattern[at] == '(') ? pattern[at] : ')';

    private bool Class()
    {
        folded.Append(pattern[at++]);
        var negated = pattern[at] == '^';
        if (negated)
            folded.Append(pattern[at++]);
        var (possible, onlyDigits, first) = (false, true, true);
        while (at < pattern.Length && (pattern[at] != ']' || first))
        {
            first = false;
            if (pattern[at] == '[')
            {
                // The subtracted class, as in «[а-я-[ы]]».
                Class();
                continue;
            }
            if (pattern[at] == '\\')
            {
                onlyDigits &= pattern[at + 1] == 'd';
                possible |= Escape(inClass: true);
                continue;
            }
            var from = pattern[at++];
            var to = from;
            if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] is not (']' or '[' or '\\'))
            {
                to = pattern[at + 1];
                at += 2;
            }
            onlyDigits &= char.IsAsciiDigit(from) && char.IsAsciiDigit(to);
            possible |= Members(from, to);
        }
        if (at < pattern.Length)
            folded.Append(pattern[at++]);
        afterDigit = onlyDigits && !negated;
        return possible || negated;
    }

    /// <summary>
    /// Adds letters of a class with their other forms; true when normalised text can contain one of them.
    /// </summary>
    private bool Members(char from, char to)
    {
        folded.Append(Plain(from));
        if (to != from)
            folded.Append('-').Append(Plain(to));
        var possible = false;
        for (var letter = (int)from; letter <= to; letter++)
        {
            var shown = Form(((char)letter).ToString());
            possible |= shown.Length == 1 && shown[0] == letter;
            if (to - from > byte.MaxValue)
                continue;
            if (shown.Length == 1 && shown[0] != letter)
                folded.Append(Plain(shown[0]));
            if (shown.Length == 1 && LookAlikes.Twin(shown[0], spelling.CaseSensitive) is { } twin)
                folded.Append(twin);
        }
        return possible || to - from > byte.MaxValue;
    }

    private bool Escape(bool inClass)
    {
        var kind = at + 1 < pattern.Length ? pattern[at + 1] : '\\';
        if (kind == 'd')
        {
            folded.Append(inClass ? "0-9" : "[0-9]");
            at += 2;
            afterDigit = true;
            return true;
        }
        if (!char.IsAsciiLetterOrDigit(kind))
        {
            at += 2;
            if (!inClass && kind == '№')
                return Literal(kind);
            folded.Append('\\').Append(kind);
            afterDigit = false;
            return true;
        }
        var length = kind switch
        {
            'p' or 'P' => pattern.IndexOf('}', at) + 1 - at,
            'x' => 4,
            'u' => 6,
            'c' => 3,
            _ => 2,
        };
        folded.Append(pattern, at, Math.Min(length, pattern.Length - at));
        at = Math.Min(at + length, pattern.Length);
        afterDigit = false;
        // A normalised answer never contains a line break.
        return kind is not ('n' or 'r' or 't' or 'f' or 'v');
    }

    /// <summary>The form that a letter, or a run of raised or lowered letters, takes in a normalised answer.</summary>
    private string Form(string letters, char next = 'а')
    {
        if (letters[0] is '"' or '\'' or '.' or ',' or ' ' or '_' || char.IsSurrogate(letters[0]))
            return letters;
        var shaped = Ru2Text.Shape($"а{letters}{next}");
        if (shaped.Length < 3)
            return letters;
        var text = spelling.Yo ? shaped : Ru2Text.WithoutYo(shaped);
        return (spelling.CaseSensitive ? text : Ru2Text.Lower(text))[1..^1];
    }

    private static string Plain(char letter) =>
        letter is '\\' or '^' or '-' or '[' or ']' or '(' or ')' or '.' or '*' or '+' or '?' or '{' or '}' or '|' or '$'
            ? $@"\{letter}"
            : letter.ToString();
}
