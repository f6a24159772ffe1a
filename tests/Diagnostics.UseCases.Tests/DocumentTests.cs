using System.Text;
using System.Text.RegularExpressions;
using Diagnostics.TestKit;

namespace Diagnostics.UseCases.Tests;

/// <summary>
/// A person who clones the repository can follow every pointer in it: links, paths, test names, sections.
/// </summary>
public sealed partial class DocumentTests
{
    private const int ReadmeLimit = 10 * 1024;

    private static readonly string[] Code = ["src", "tests", "tools"];

    private static readonly string[] CodeFiles = [".cs", ".razor", ".js", ".mjs", ".css", ".sql", ".csproj", ".props", ".md", ".R"];

    /// <summary>
    /// Scripts whose comments are not checked. An applied script is compared by checksum, so not even a comment in it
    /// may change.
    /// </summary>
    private static readonly string[] AppliedScripts = ["/0005_control.sql", "/0007_calibration.sql"];

    /// <summary>
    /// The documents for people: the pages at the root, <c>docs/</c>, and the README of every folder.
    /// </summary>
    private static readonly IReadOnlyDictionary<string, string> Documents = FilesOf("", ".md")
        .Where(path =>
            !path.Contains('/')
            || path.StartsWith("docs/", StringComparison.Ordinal)
            || path.EndsWith("/README.md", StringComparison.Ordinal)
        )
        .ToDictionary(path => path, Read);

    private static readonly IReadOnlyCollection<string> TestNames = FilesOf("tests", ".cs")
        .SelectMany(path => TestMethod().Matches(Read(path)).Select(match => match.Groups["name"].Value))
        .ToHashSet();

    [Fact]
    public void Every_link_of_a_document_leads_to_a_file_and_a_heading_that_exist()
    {
        Documents.Should().HaveCountGreaterThan(30, "the documents are found as they should be");
        var links = Documents.SelectMany(document => LinksIn(document.Value).Select(target => (From: document.Key, To: target))).ToList();

        links.Should().HaveCountGreaterThan(100);
        links.Where(link => !Leads(link.From, link.To)).Select(link => $"{link.From}: {link.To}").Should().BeEmpty();
    }

    [Fact]
    public void Every_path_that_a_document_names_exists() =>
        Documents
            .SelectMany(document =>
                PathInCode().Matches(document.Value).Select(match => (In: document.Key, Path: match.Groups["path"].Value))
            )
            .Where(named => !named.Path.Contains('<') && !named.Path.Contains('*') && !Exists(named.Path))
            .Select(named => $"{named.In}: {named.Path}")
            .Should()
            .BeEmpty();

    [Fact]
    public void Every_test_that_a_document_names_is_among_the_tests()
    {
        var named = Documents
            .SelectMany(document =>
                NameOfTest().Matches(document.Value).Select(match => (In: document.Key, Name: match.Groups["name"].Value))
            )
            .ToList();

        named.Should().HaveCountGreaterThan(100);
        named.Where(test => !TestNames.Contains(test.Name)).Select(test => $"{test.In}: {test.Name}").Should().BeEmpty();
    }

    /// <summary>
    /// The sections that comments name, such as <c>docs/promises.md, G4</c> or <c>docs/promises.md, items</c>.
    /// </summary>
    [Fact]
    public void Every_section_that_a_comment_names_is_in_its_document()
    {
        var named = CodeSources()
            .SelectMany(source =>
                SectionInComment()
                    .Matches(source.Text)
                    .Select(match => (In: source.Path, Document: match.Groups["document"].Value, Section: match.Groups["section"].Value))
            )
            .ToList();

        named.Should().HaveCountGreaterThan(30);
        named
            .Where(section => !HeadingsOf(section.Document).Any(heading => IsOrBegins(heading, section.Section)))
            .Select(section => $"{section.In}: {section.Document}, {section.Section}")
            .Should()
            .BeEmpty();
    }

    [Fact]
    public void No_comment_points_at_a_document_that_is_not_in_the_repository() =>
        CodeSources()
            .Where(source => !AppliedScripts.Any(script => source.Path.EndsWith(script, StringComparison.Ordinal)))
            .Where(source => source.Text.Contains("design \u00a7", StringComparison.Ordinal) || MissingDocument(source.Text) is not null)
            .Select(source => $"{source.Path}: {MissingDocument(source.Text)}")
            .Should()
            .BeEmpty();

    [Fact]
    public void Every_setting_that_the_code_reads_is_in_the_table_of_settings()
    {
        var table = Read("docs/operations/settings.md");
        var settings = FilesOf("src", ".cs")
            .SelectMany(path => Setting().Matches(Read(path)).Select(match => match.Groups["name"].Value))
            .ToHashSet();

        settings.Should().HaveCountGreaterThan(10);
        settings.Where(name => !table.Contains($"| `{name}", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Fact]
    public void The_architecture_tells_the_stages_in_their_order() =>
        Stage()
            .Matches(StagesInOrder().Match(Read("docs/architecture.md")).Value)
            .Select(match => match.Groups["name"].Value)
            .Should()
            .Equal(Stages.Order);

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.en.md")]
    public void A_README_is_read_in_a_few_minutes(string path) =>
        Encoding.UTF8.GetByteCount(Read(path)).Should().BeLessThanOrEqualTo(ReadmeLimit);

    [Fact]
    public void The_READMEs_in_both_languages_lead_to_the_same_documents()
    {
        static IEnumerable<string> Targets(string path) =>
            LinksIn(Read(path))
                .Where(link => !link.StartsWith("README", StringComparison.Ordinal))
                .Select(link => link.Replace(".en.svg", ".svg", StringComparison.Ordinal));

        Targets("README.en.md").Should().BeEquivalentTo(Targets("README.md"));
    }

    /// <summary>CI takes these commands from the README and runs them.</summary>
    [Fact]
    public void The_README_has_the_commands_that_CI_runs()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "README.md"));

        lines.Should().ContainSingle(line => line.StartsWith("    dotnet test ", StringComparison.Ordinal));
        lines.Should().ContainSingle(line => line == "    dotnet run --project src/Diagnostics.Server");
        lines.Should().ContainSingle(line => line == "```bash");
    }

    [Theory]
    [InlineData("## Поломки под нагрузкой", "поломки-под-нагрузкой")]
    [InlineData("### G1: an acknowledged save is on disk", "g1-an-acknowledged-save-is-on-disk")]
    [InlineData("## `docs/` in *our* words (at last)", "docs-in-our-words-at-last")]
    public void A_heading_has_the_anchor_that_repositories_give_it(string heading, string anchor) =>
        AnchorsIn(heading).Should().Equal(anchor);

    private static bool Leads(string from, string target)
    {
        var parts = target.Split('#', 2);
        var file = parts[0].Length == 0 ? from : Beside(from, parts[0]);
        return Exists(file) && (parts.Length == 1 || AnchorsIn(Read(file)).Contains(Uri.UnescapeDataString(parts[1])));
    }

    /// <summary>Relative links; addresses elsewhere are not checked.</summary>
    private static IEnumerable<string> LinksIn(string text) =>
        Link()
            .Matches(WithoutCode(text))
            .Select(match => match.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal));

    private static IEnumerable<string> AnchorsIn(string text) =>
        Heading()
            .Matches(WithoutBlocks(text))
            .Select(match => NoPartOfAnchor().Replace(match.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    private static IEnumerable<string> HeadingsOf(string document) =>
        Exists(document) ? Heading().Matches(WithoutBlocks(Read(document))).Select(match => match.Groups["text"].Value) : [];

    private static bool IsOrBegins(string heading, string section) =>
        heading.Equals(section, StringComparison.OrdinalIgnoreCase)
        || heading.StartsWith($"{section}:", StringComparison.OrdinalIgnoreCase);

    private static string? MissingDocument(string text) =>
        DocumentInComment().Matches(text).Select(match => match.Value).FirstOrDefault(path => !Exists(path));

    private static IEnumerable<(string Path, string Text)> CodeSources() =>
        Code.SelectMany(folder => CodeFiles.SelectMany(extension => FilesOf(folder, extension)))
            .Where(path => !path.EndsWith("/DocumentTests.cs", StringComparison.Ordinal))
            .Select(path => (path, Read(path)));

    /// <returns>Paths from the repository's root, without files made by a build or a package manager.</returns>
    private static IEnumerable<string> FilesOf(string folder, string extension) =>
        Walk(Path.Combine(Repository.Root, folder))
            .Where(path => path.EndsWith(extension, StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace(Path.DirectorySeparatorChar, '/'));

    private static IEnumerable<string> Walk(string folder) =>
        Directory
            .EnumerateFiles(folder)
            .Concat(Directory.EnumerateDirectories(folder).Where(inside => IsOurs(Path.GetFileName(inside))).SelectMany(Walk));

    private static bool IsOurs(string folder) =>
        folder[0] != '.' && folder is not ("bin" or "obj" or "node_modules" or "data" or "artifacts");

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    private static bool Exists(string path) => Path.Exists(Path.Combine(Repository.Root, path));

    private static string Beside(string from, string path) =>
        Path.GetRelativePath(
                Repository.Root,
                Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(from)!, Uri.UnescapeDataString(path)))
            )
            .Replace(Path.DirectorySeparatorChar, '/');

    private static string WithoutBlocks(string text) => Block().Replace(text, "");

    private static string WithoutCode(string text) => Inline().Replace(WithoutBlocks(text), "");

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex Inline();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoPartOfAnchor();

    [GeneratedRegex(@"`(?<path>(?:src|tests|tools|docs|docker|item-bank|openapi)/[^\s`]*)`")]
    private static partial Regex PathInCode();

    [GeneratedRegex(@"`(?<name>[A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*_[a-z][A-Za-z0-9_]*)`")]
    private static partial Regex NameOfTest();

    [GeneratedRegex(@"""(?<name>(?:Diagnostics|Database):[A-Z]\w+)""")]
    private static partial Regex Setting();

    [GeneratedRegex(@"public (?:async )?(?:Task|void) (?<name>\w+)\(")]
    private static partial Regex TestMethod();

    [GeneratedRegex(@"`\w+`(?:\s→\s`\w+`){5,}")]
    private static partial Regex StagesInOrder();

    [GeneratedRegex(@"`(?<name>\w+)`")]
    private static partial Regex Stage();

    [GeneratedRegex(@"(?<document>docs/[\w/-]+\.md), (?<section>G[1-6]|[a-z]+)(?=[):;,.])")]
    private static partial Regex SectionInComment();

    [GeneratedRegex(@"(?<![\w/.])docs/[\w/-]+\.md")]
    private static partial Regex DocumentInComment();
}
