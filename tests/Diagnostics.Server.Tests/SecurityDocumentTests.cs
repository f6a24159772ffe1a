using System.Text.RegularExpressions;
using Diagnostics.TestKit;

namespace Diagnostics.Server.Tests;

/// <summary>
/// Checks that the tests that <c>SECURITY.md</c> names for its requirements exist, and that a row without a test gives
/// a reason.
/// </summary>
public sealed partial class SecurityDocumentTests
{
    private static readonly string[] Rows =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "SECURITY.md")).Where(line => Requirement().IsMatch(line)),
    ];

    [Fact]
    public void Every_test_that_the_table_names_is_among_the_tests()
    {
        var known = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Method().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            .ToHashSet();
        var named = Rows.SelectMany(row => Name().Matches(row.Split('|')[^2]).Select(match => match.Groups[1].Value)).ToHashSet();

        named.Should().HaveCountGreaterThan(50);
        named.Where(name => !known.Contains(name)).Should().BeEmpty();
    }

    [Fact]
    public void Every_row_says_whether_and_where_the_requirement_is_met()
    {
        Rows.Should().HaveCountGreaterThan(80);
        Rows.Where(row => row.Split('|') is not [_, _, " ✔ " or " ◐ " or " ✘ " or " ⚙ ", { Length: > 5 }, { Length: > 2 }, _])
            .Should()
            .BeEmpty();
    }

    [GeneratedRegex(@"^\| \d+\.\d+\.\d+")]
    private static partial Regex Requirement();

    [GeneratedRegex(@"public (?:async )?(?:Task|void) (\w+)\(")]
    private static partial Regex Method();

    [GeneratedRegex("`([A-Z][A-Za-z0-9]*_[A-Za-z0-9_]+)`")]
    private static partial Regex Name();
}
