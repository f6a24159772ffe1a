using System.Text.RegularExpressions;
using Diagnostics.TestKit;

namespace Diagnostics.UseCases.Tests;

/// <summary>Lines that the formatter cannot break: long literals, comments, chains that it keeps on one line.</summary>
public sealed partial class LineTests
{
    private const int Longest = 160,
        Usual = 120;

    private static readonly IReadOnlyList<Line> Lines = LinesIn("*.cs");

    private static IReadOnlyList<Line> LinesIn(string files) =>
        new[] { "src", "tests", "tools", "samples" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), files, SearchOption.AllDirectories))
            .Where(path => !MadeByBuild().IsMatch(path))
            .SelectMany(path => LinesOf(Path.GetRelativePath(Repository.Root, path), File.ReadAllText(path)))
            .ToList();

    [Fact]
    public void No_line_outside_raw_strings_is_longer_than_160_characters() =>
        Lines
            .Where(line => line.Text.Length > Longest && !line.InRawString)
            .Select(line => $"{line.Path}:{line.Number}")
            .Should()
            .BeEmpty();

    [Fact]
    public void No_line_of_a_page_is_longer_than_160_characters()
    {
        var lines = LinesIn("*.razor");

        lines.Should().HaveCountGreaterThan(5_000, "the pages are found");
        lines.Where(line => line.Text.Length > Longest).Select(line => $"{line.Path}:{line.Number}").Should().BeEmpty();
    }

    [Fact]
    public void One_line_in_twenty_at_most_is_longer_than_120_characters()
    {
        Lines.Should().HaveCountGreaterThan(50_000, "the code is found");
        Lines.Count(line => line.Text.Length > Usual).Should().BeLessThanOrEqualTo(Lines.Count / 20);
    }

    [Fact]
    public void Lines_from_the_opening_to_the_closing_of_a_raw_string_may_be_longer()
    {
        var text = "var a = \"b\";\nvar sql = \"\"\"\n    SELECT\n    \"\"\";\nvar c = \"\"\"d\"\"\";\nvar e = 1;";

        LinesOf("x.cs", text).Where(line => line.InRawString).Select(line => line.Number).Should().Equal(2, 3, 4, 5);
    }

    private static IEnumerable<Line> LinesOf(string path, string text)
    {
        var open = false;
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            var marks = RawStringMark().Count(line);
            yield return new(path, ++number, line, open || marks > 0);
            if (marks % 2 == 1)
                open = !open;
        }
    }

    [GeneratedRegex("(?<!\\\\)\"{3,}")]
    private static partial Regex RawStringMark();

    [GeneratedRegex(@"[\\/](bin|obj|node_modules)[\\/]")]
    private static partial Regex MadeByBuild();

    private sealed record Line(string Path, int Number, string Text, bool InRawString);
}
