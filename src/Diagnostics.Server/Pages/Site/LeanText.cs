using System.Text;

namespace Diagnostics.Server.Pages.Site;

/// <summary>
/// A module or a stylesheet as it is sent: without comment lines, blank lines and indentation. Nothing inside the
/// remaining lines changes, so the code keeps its meaning.
/// </summary>
internal static class LeanText
{
    /// <exception cref="InvalidOperationException">A template literal spans several lines; removing indentation would
    /// change its text.</exception>
    internal static string Of(string name, string text)
    {
        var lean = new StringBuilder(text.Length);
        var comment = false;
        foreach (var (number, whole) in text.ReplaceLineEndings("\n").Split('\n').Index())
        {
            var line = whole.Trim();
            if (comment)
            {
                comment = !line.EndsWith("*/", StringComparison.Ordinal);
                continue;
            }
            // A comment is removed only if no code precedes it on its line.
            if (line.StartsWith("/*", StringComparison.Ordinal))
            {
                var end = line.IndexOf("*/", 2, StringComparison.Ordinal);
                if (end < 0)
                    comment = true;
                if (end < 0 || end == line.Length - 2)
                    continue;
            }
            if (line.Length == 0 || line.StartsWith("//", StringComparison.Ordinal))
                continue;
            if (line.Count(sign => sign == '`') % 2 != 0)
                throw new InvalidOperationException($"{name}, line {number + 1}: a text in backquotes must end on its line.");
            lean.Append(line).Append('\n');
        }
        return comment ? throw new InvalidOperationException($"{name}: a comment has no end.") : lean.ToString();
    }
}
