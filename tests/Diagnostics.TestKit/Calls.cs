using System.Text.RegularExpressions;

namespace Diagnostics.TestKit;

/// <summary>A call or a <c>new</c> with its arguments.</summary>
/// <param name="Name">The name as written before the parenthesis, without type arguments; <c>new</c> when the type is
/// omitted.</param>
/// <param name="Positional">Arguments without a name.</param>
public sealed record Call(string Path, int Line, string Name, int Positional)
{
    public override string ToString() => $"{Path}:{Line} {Name} has {Positional} positional arguments";
}

/// <summary>
/// Finds calls with more positional arguments than a reader can follow. It reads only the text, so a test needs no
/// compiler: a list of types with names counts as a declaration.
/// </summary>
public static partial class Calls
{
    private const int MaxPositional = 8;

    /// <summary>
    /// Methods with a <c>params</c> list. The elements of such a list are alike, and the language has no way to name
    /// them.
    /// </summary>
    private static readonly string[] TakeLists = ["Refuses", "AccessRule.Of", "string.Join"];

    /// <param name="sources">Source texts by path.</param>
    public static IReadOnlyList<Call> TooPositional(IReadOnlyDictionary<string, string> sources) =>
        sources
            .SelectMany(source => In(source.Key, source.Value))
            .Where(call => call.Positional > MaxPositional && !TakeLists.Contains(call.Name))
            .ToList();

    /// <summary>All calls in a file, in the order of their opening parentheses.</summary>
    public static IReadOnlyList<Call> In(string path, string text)
    {
        var code = Code(text);
        var calls = new List<Call>();
        for (var open = code.IndexOf('('); open >= 0; open = code.IndexOf('(', open + 1))
        {
            if (Name(code, open) is not { } name)
                continue;
            var arguments = Arguments(code, open);
            if (arguments.Count == 0 || IsDeclared(code, open, arguments))
                continue;
            calls.Add(new(path, code.AsSpan(0, open).Count('\n') + 1, name, arguments.Count(argument => !Named().IsMatch(argument))));
        }
        return calls;
    }

    /// <summary>
    /// The called name, with the text before its dot; null when the parenthesis belongs to a statement or a tuple.
    /// </summary>
    private static string? Name(string code, int open)
    {
        var end = open;
        while (end > 0 && char.IsWhiteSpace(code[end - 1]))
            end--;
        if (end > 0 && code[end - 1] == '>' && (end < 2 || code[end - 2] is not ('=' or '-' or ' ')))
            end = BeforeTypeArguments(code, end);
        var start = end;
        while (start > 0 && (IsOfName(code[start - 1]) || (char.IsWhiteSpace(code[start - 1]) && StartsWithDot(code[start..end]))))
            start--;
        var name = Space().Replace(code[start..end], "").TrimStart('.');
        return name.Length == 0 || Keyword().IsMatch(name) ? null : name;
    }

    private static bool IsOfName(char letter) => char.IsLetterOrDigit(letter) || letter is '_' or '.' or '@';

    private static bool StartsWithDot(string name) => name.TrimStart().StartsWith('.');

    private static int BeforeTypeArguments(string code, int end)
    {
        var depth = 0;
        for (var at = end - 1; at >= 0; at--)
        {
            if (code[at] == '>')
                depth++;
            else if (code[at] == '<' && --depth == 0)
                return at;
            else if (code[at] is ';' or '{' or '}')
                break;
        }
        return end;
    }

    /// <summary>
    /// Splits an argument list at its top-level commas. Commas between type arguments (<c>Dictionary&lt;string,
    /// int&gt;</c>) do not count. An angle bracket opens a list of type arguments when it directly follows a name and
    /// only names, commas and brackets come before it closes.
    /// </summary>
    private static List<string> Arguments(string code, int open)
    {
        var arguments = new List<string>();
        var depth = 1;
        var start = open + 1;
        var at = start;
        for (; at < code.Length && depth > 0; at++)
        {
            if (code[at] is '(' or '[' or '{')
                depth++;
            else if (code[at] is ')' or ']' or '}')
                depth--;
            else if (code[at] == '<' && !char.IsWhiteSpace(code[at - 1]))
                at += Math.Max(0, TypeArguments().Match(code, at).Length - 1);
            else if (code[at] == ',' && depth == 1)
            {
                arguments.Add(code[start..at]);
                start = at + 1;
            }
        }
        var last = code[start..Math.Max(start, at - 1)];
        if (arguments.Count > 0 || !string.IsNullOrWhiteSpace(last))
            arguments.Add(last);
        return arguments;
    }

    /// <summary>
    /// Whether the list declares the parameters of a type, a method, a lambda or a delegate, each of which is a type
    /// with a name.
    /// </summary>
    private static bool IsDeclared(string code, int open, List<string> arguments) =>
        DeclaresType().IsMatch(code[Math.Max(0, open - 200)..open]) || arguments.All(argument => Parameter().IsMatch(argument));

    /// <summary>
    /// Returns the text without comments and without quoted content; line breaks stay, so that lines keep their
    /// numbers. Interpolated expressions are removed too, because the calls in them are short.
    /// </summary>
    private static string Code(string text) =>
        Quoted()
            .Replace(
                text,
                match => (match.Value.StartsWith('/') ? " " : "\"\"") + new string('\n', match.Value.Count(letter => letter == '\n'))
            );

    /// <summary>Comments, raw strings, verbatim strings, strings and characters, whichever begins first.</summary>
    [GeneratedRegex(
        """""
            //[^\n]*
            | /\*[\s\S]*?\*/
            | \$*(?<quotes>"{3,})[\s\S]*?\k<quotes>(?!")
            | (?:@\$?|\$@)"(?:""|[^"])*"
            | \$"(?:\\.|\{\{|\{(?>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'|(?<hole>\{)|(?<-hole>\})|[^{}"'])*(?(hole)(?!))\}|[^"\\{\n])*"
            | "(?:\\.|[^"\\\n])*"
            | '(?:\\.[^'\n]*|[^'\\\n])'
            """"",
        RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"^\s*@?\w+\s*:(?!:)")]
    private static partial Regex Named();

    /// <summary>Words after which a parenthesis is not a call.</summary>
    [GeneratedRegex(
        """
            ^(?:if|else|while|do|for|foreach|switch|case|when|lock|using|fixed|catch|return|throw|yield|await|async|static|var|in|out|is|and|or
            |not|where|select|typeof|sizeof|nameof|default|checked|unchecked)$
            """,
        RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Keyword();

    [GeneratedRegex(@"\G<[\w\s.,?:<>\[\]()]*?>(?=\s*[(),.;\[\]{}?>]|\s+\w)")]
    private static partial Regex TypeArguments();

    [GeneratedRegex(@"\b(?:class|record|struct|interface)\s+(?:struct\s+|class\s+)?\w+\s*(?:<[^()]*>)?\s*$")]
    private static partial Regex DeclaresType();

    /// <summary>
    /// A parameter: attributes, modifiers, a type (or a tuple of types), a name and a default; <c>new Page</c> is not a
    /// type with a name.
    /// </summary>
    [GeneratedRegex(
        """
            ^\s*(?:\[[^\]]*\]\s*)* (?:(?:this|in|out|ref|params|scoped|readonly)\s+)*
            (?!(?:new|await|throw|out|ref|in|not|is)\b) (?:[\w.:]+(?:<[\s\S]+>)?|\([^=]*\)) (?:\?|\[[,\s]*\])*
            \s+@?\w+\s* (?:=[^=>][\s\S]*)?$
            """,
        RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Parameter();
}
