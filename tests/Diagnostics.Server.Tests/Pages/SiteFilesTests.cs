using Diagnostics.Server.Pages.Site;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>Which parts of the modules and stylesheets are sent, and how large they are.</summary>
public sealed class SiteFilesTests(TestService service, Xunit.Abstractions.ITestOutputHelper output) : IClassFixture<TestService>
{
    [Theory]
    [InlineData("a();\n  b();\n", "a();\nb();\n")]
    [InlineData("// why\na();\n\n   // more\nb(); // stays\n", "a();\nb(); // stays\n")]
    [InlineData("/**\n * Why.\n */\nexport const a = 1;", "export const a = 1;\n")]
    [InlineData("/* one line */\na { }\n", "a { }\n")]
    [InlineData("/* beside */ a();\n", "/* beside */ a();\n")]
    [InlineData("x = 'http://a'; y = /\\/\\*/;\n", "x = 'http://a'; y = /\\/\\*/;\n")]
    [InlineData("a(`// no comment`);\n", "a(`// no comment`);\n")]
    [InlineData("try { a(); } catch { /* why */ }\r\n", "try { a(); } catch { /* why */ }\n")]
    public void Comments_blank_lines_and_indentation_stay_at_home(string written, string travels) =>
        LeanText.Of("a.js", written).Should().Be(travels);

    [Theory]
    [InlineData("a(`one\n  two`);\n", "line 1")]
    [InlineData("a();\n/* no end\nb();\n", "no end")]
    public void What_could_not_be_cut_safely_is_not_cut(string written, string told) =>
        FluentActions.Invoking(() => LeanText.Of("a.js", written)).Should().Throw<InvalidOperationException>().WithMessage($"*{told}*");

    /// <summary>
    /// No line of code is lost: the sent text is the source, line by line, without the lines that begin with a comment.
    /// </summary>
    [Fact]
    public void Every_line_of_code_travels()
    {
        var assembly = typeof(SiteFiles).Assembly;
        foreach (
            var name in assembly
                .GetManifestResourceNames()
                .Where(name => name.EndsWith(".js", StringComparison.Ordinal) || name.EndsWith(".css", StringComparison.Ordinal))
        )
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var written = reader.ReadToEnd();
            var lean = LeanText.Of(name, written).Split('\n');

            lean.Should()
                .NotContain(
                    line => line.StartsWith("//", StringComparison.Ordinal) || line.StartsWith("/**", StringComparison.Ordinal),
                    name
                );
            written
                .Split('\n')
                .Select(line => line.Trim())
                .Where(line => line.Length > 0 && !IsComment(line))
                .Should()
                .BeSubsetOf(lean, name);
        }

        // In our block comments every line begins with a star, or is prose that does not look like code.
        static bool IsComment(string line) =>
            line.StartsWith("//", StringComparison.Ordinal)
            || line.StartsWith("/*", StringComparison.Ordinal)
            || line.StartsWith('*')
            || line.EndsWith("*/", StringComparison.Ordinal);
    }

    /// <summary>
    /// Measures the JavaScript modules of the exam page as they are sent, compressed. A browser test checks the budget
    /// of the whole page.
    /// </summary>
    [Fact]
    public async Task The_modules_of_the_running_test_weigh_at_most_15_kilobytes_together()
    {
        using var client = new HttpClient { BaseAddress = new Uri(service.Url) };
        client.DefaultRequestHeaders.Add("Accept-Encoding", "br");
        var total = 0;
        foreach (var module in new[] { "exam", "machine", "line" })
        {
            var size = (await client.GetByteArrayAsync(SiteFiles.Of($"exam/{module}.js"))).Length;
            output.WriteLine($"{module}.js {size / 1024.0:0.0} KB");
            total += size;
        }
        output.WriteLine($"together {total / 1024.0:0.0} KB");
        total.Should().BeLessThanOrEqualTo(15 * 1024);
    }
}
