using System.Net.Http.Json;
using System.Text;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests.ItemBank;

public sealed class LintApiTests(TestService service) : IClassFixture<TestService>
{
    private const string Path = "/api/v1/items/lint";

    [Fact]
    public async Task The_stored_bank_is_free_of_errors() => (await service.Admin.GetAsync(Path).Json()).Number("errors").Should().Be(0);

    [Theory]
    [InlineData("application/yaml")]
    [InlineData("text/plain")]
    public async Task A_facet_file_sent_as_text_is_checked_in_the_midst_of_the_bank(string type)
    {
        var text = (await service.Admin.Export("math-percent")).Replace("    key: b\n", "    key: z\n", StringComparison.Ordinal);
        var line = text.Split('\n').TakeWhile(row => row != "    key: z").Count() + 1;

        var report = await service.Admin.PostAsync(Path, new StringContent(text, Encoding.UTF8, type)).Json();

        report.Number("errors").Should().BePositive();
        var finding = report["findings"]!.AsArray().Single(finding => finding!.Text("code") == "key-broken")!;
        (finding.Text("file"), finding.Number("line"), finding.Text("item"), finding.Text("severity"))
            .Should()
            .Be(("teacher-mathematics-5-9/facets/math-percent.yaml", line, "math-percent-1", "error"));
        finding.Text("clause").Should().NotBeEmpty();
        finding.Text("advice").Should().NotBeEmpty();
    }

    [Fact]
    public async Task A_stored_facet_sent_back_has_no_errors() =>
        (await service.Admin.PostAsync(Path, BankScene.Yaml(await service.Admin.Export("math-proof-analysis"))).Json())
            .Number("errors")
            .Should()
            .Be(0);

    [Theory]
    [InlineData("> ", 3000)]
    [InlineData("*a ", 20000)]
    [InlineData("1. ", 500)]
    public async Task Markup_that_lies_one_in_another_without_end_is_a_finding_with_its_place(string part, int times)
    {
        var text = $"stimulus: deep\nkind: text\ntitle: Глубина\nbody: \"{string.Concat(Enumerable.Repeat(part, times))}\"\n";

        var report = await service
            .Admin.PostAsJsonAsync(
                Path,
                new { files = new Dictionary<string, string> { ["teacher-mathematics-5-9/stimuli/deep.yaml"] = text } }
            )
            .Json();

        report["findings"]!.AsArray().Should().Contain(finding => finding!.Text("code") == "markup-unsafe" && finding.Number("line") == 4);
    }

    [Fact]
    public async Task Findings_are_only_those_of_the_files_sent()
    {
        var report = await service.Admin.PostAsync(Path, BankScene.Yaml("facet: other\ntitle: Иное")).Json();

        report["findings"]!.AsArray().Should().NotBeEmpty().And.OnlyContain(finding => finding!.Text("file") == "new/facets/other.yaml");
    }

    [Theory]
    [InlineData("""{"files": {}}""", 422, "files-count")]
    [InlineData("""{"files": {"../../etc/passwd": "x"}}""", 422, "path-invalid")]
    [InlineData("""{"files": {"a/facets/../b.yaml": "x"}}""", 422, "path-invalid")]
    [InlineData("""{"files": {"a/facets/b.yaml": null}}""", 422, "text-missing")]
    [InlineData("""{"files": null}""", 400, "malformed-json")]
    [InlineData("""{"file": {}}""", 400, "malformed-json")]
    [InlineData("""{"files": {"a/facets/b.yaml": 7}}""", 400, "malformed-json")]
    [InlineData("not json", 400, "malformed-json")]
    public async Task Files_in_a_shape_that_cannot_be_read_are_refused_by_name(string body, int status, string code) =>
        (await service.Admin.PostAsync(Path, new StringContent(body, Encoding.UTF8, "application/json")).ProblemCode(status))
            .Should()
            .Be(code);

    [Fact]
    public async Task Bytes_that_are_not_UTF8_nesting_and_controls_are_findings_and_no_fault()
    {
        foreach (
            var body in new byte[][]
            {
                [0xFF, 0xFE, 0x00],
                Encoding.UTF8.GetBytes("facet: " + new string('[', 100_000)),
                Encoding.UTF8.GetBytes("facet: a\u0000b"),
            }
        )
        {
            var content = new ByteArrayContent(body);
            content.Headers.ContentType = new("application/yaml");
            (await service.Admin.PostAsync(Path, content).Json()).Number("errors").Should().BePositive();
        }
    }

    [Fact]
    public async Task Other_kinds_of_content_and_too_much_of_it_are_refused()
    {
        (await service.Admin.PostAsync(Path, new StringContent("x", Encoding.UTF8, "application/pdf")).ProblemCode(415))
            .Should()
            .Be("unsupported-media-type");
        // The client waits for permission to send a large body (Expect: 100-continue), as curl does, so that it reads
        // the refusal instead of getting a broken pipe.
        using var large = new HttpRequestMessage(HttpMethod.Post, Path) { Content = BankScene.Yaml(new string('x', 2_000_000)) };
        large.Headers.ExpectContinue = true;
        (await service.Admin.SendAsync(large).ProblemCode(413)).Should().Be("request-too-large");
    }

    [Fact]
    public async Task The_rules_are_listed_with_their_clauses()
    {
        var rules = (await service.Admin.GetAsync(Path + "/rules").Json())["items"]!.AsArray();

        rules
            .Select(rule => rule!.Text("code"))
            .Should()
            .OnlyHaveUniqueItems()
            .And.Contain(["option-count", "file-broken", "framework-changed"]);
        rules.Single(rule => rule!.Text("code") == "option-count")!.Text("clause").Should().Be("п. 3.6.3");
    }

    [Fact]
    public async Task Items_are_listed_page_by_page_and_narrowed_by_what_they_are()
    {
        var all = new List<string>();
        for (string? after = null; ; )
        {
            var page = await service.Admin.GetAsync($"/api/v1/items?limit=50{(after is null ? "" : $"&after={after}")}").Json();
            all.AddRange(page["items"]!.AsArray().Select(item => item!.Text("code")));
            if ((after = page["next"]?.GetValue<string>()) is null)
                break;
        }

        all.Should().HaveCount(176).And.OnlyHaveUniqueItems().And.BeInAscendingOrder(StringComparer.Ordinal);
        var narrow = (
            await service
                .Admin.GetAsync(
                    "/api/v1/items?type=short_answer&block=subject&difficulty=2&status=approved&element=subject.geometry.figures"
                )
                .Json()
        )["items"]!.AsArray();
        narrow.Select(item => item!.Text("facet")).Distinct().Should().Equal("math-figure-measure");
        (await service.Admin.GetAsync("/api/v1/items?type=essay").ProblemCode(422)).Should().Be("unknown-item-type");
        (await service.Admin.GetAsync("/api/v1/items?status=good").ProblemCode(422)).Should().Be("unknown-status");
        (await service.Admin.GetAsync("/api/v1/items?difficulty=x").ProblemCode(400)).Should().Be("malformed-request");
        (await service.Admin.GetAsync("/api/v1/facets?limit=1000").Json())["items"]!.AsArray().Should().HaveCount(44);
    }
}
