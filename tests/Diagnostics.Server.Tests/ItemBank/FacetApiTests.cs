using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests.ItemBank;

/// <summary>Each test takes a different facet, so that all tests can share one service.</summary>
public sealed class FacetApiTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_facet_from_an_author_goes_through_its_life_by_the_people_whose_step_it_is()
    {
        using var author = await service.Person("life-author", Role.Author);
        using var reviewer = await service.Person("life-reviewer", Role.Reviewer);
        const string facet = "/api/v1/facets/method-goal";
        var text = (await author.Export("method-goal")).Replace("title: ", "title: Новое — ", StringComparison.Ordinal);

        var written = await author.PutYaml(facet, text, basedOn: 1).Json();

        var latest = written["latest"]!;
        (latest.Number("version"), latest.Text("status"), latest.Text("author"), latest["reviewer"])
            .Should()
            .Be((2, "draft", "life-author", null));
        written["versions"]![1]!["items"]!
            .AsArray()
            .Select(item => item!.Number("version"))
            .Should()
            .Equal([1, 1, 1, 1], "only the title changed");
        (await Move(reviewer, facet, 2, "approved").ProblemCode(409)).Should().Be("item-transition-not-allowed");
        (await Move(reviewer, facet, 2, "review").ProblemCode(403)).Should().Be("transition-not-yours");
        (await Move(author, facet, 2, "review").Json(201)).Text("to").Should().Be("review");
        (await Move(author, facet, 2, "approved").ProblemCode(403)).Should().Be("transition-not-yours");
        (await Move(reviewer, facet, 2, "draft").ProblemCode(422)).Should().Be("text-missing", "going back needs a reason");
        (await Move(reviewer, facet, 2, "draft", "Уточните заголовок").Json(201)).Text("reason").Should().Be("Уточните заголовок");
        await Move(author, facet, 2, "review").Json(201);
        await Move(reviewer, facet, 2, "approved").Json(201);
        await Move(service.Admin, facet, 2, "active").Json(201);

        var seen = await author.GetAsync(facet).Json();
        (seen["latest"]!.Text("status"), seen["latest"]!.Text("reviewer")).Should().Be(("active", "life-reviewer"));
        seen["transitions"]!
            .AsArray()
            .Where(step => step!.Number("version") == 2)
            .Select(step => step!.Text("to"))
            .Should()
            .Equal("review", "draft", "review", "approved", "active");
        seen["versions"]![0]!.Text("status").Should().Be("approved", "the earlier version is as it was");
    }

    [Fact]
    public async Task An_author_who_is_a_reviewer_too_does_not_approve_their_own()
    {
        using var both = await service.Person("Both-Roles", Role.Author, Role.Reviewer);
        const string facet = "/api/v1/facets/method-digital";
        var text = (await both.Export("method-digital")).Replace("title: ", "title: Новое — ", StringComparison.Ordinal);
        // The author and the reviewer named in the file have no effect.
        await both.PutYaml(facet, text.Replace("author: bank-author", "author: somebody-else", StringComparison.Ordinal), basedOn: 1)
            .Json();
        await Move(both, facet, 2, "review").Json(201);

        (await Move(both, facet, 2, "approved").ProblemCode(403)).Should().Be("author-approves-own-item");
    }

    [Fact]
    public async Task A_version_that_a_form_holds_never_goes_back()
    {
        using var author = await service.Person("back-author", Role.Author);

        (await Move(author, "/api/v1/facets/psych-age", 1, "draft", "Хочу поправить").ProblemCode(409)).Should().Be("item-version-in-use");
    }

    [Fact]
    public async Task An_edit_names_the_version_it_is_based_on()
    {
        using var author = await service.Person("etag-author", Role.Author);
        const string facet = "/api/v1/facets/psych-climate";
        var text = await author.Export("psych-climate");

        (await author.PutYaml(facet, text, basedOn: null).ProblemCode(428)).Should().Be("precondition-required");
        (await author.PutYaml(facet, text, basedOn: 7).ProblemCode(412)).Should().Be("stale-revision");
        using var same = await author.PutYaml(facet, text, basedOn: 1);

        same.Headers.ETag!.Tag.Should().Be("\"1\"", "the same content makes no version");
    }

    [Fact]
    public async Task A_changed_item_is_a_new_version_and_the_old_one_stays_to_be_read()
    {
        using var author = await service.Person("item-author", Role.Author);
        var text = (await author.Export("psych-motivation")).Replace(
            "variant: 2",
            "variant: 2\n    fixed_order: true",
            StringComparison.Ordinal
        );

        var written = await author.PutYaml("/api/v1/facets/psych-motivation", text, basedOn: 1).Json();

        written["versions"]![1]!["items"]!.AsArray().Select(item => item!.Number("version")).Should().Equal(1, 2, 1, 1);
        var item = await author.GetAsync("/api/v1/items/psych-motivation-2").Json();
        item["current"]!.Number("version").Should().Be(2);
        item["current"]!["item"]!["body"]!["fixedOrder"]!.GetValue<bool>().Should().BeTrue();
        item["versions"]!.AsArray().Should().HaveCount(2);
        (await author.GetAsync("/api/v1/items/psych-motivation-2/versions/1").Json())["item"]!["body"]!["key"]!
            .AsArray()
            .Should()
            .NotBeEmpty();
        (await author.GetAsync("/api/v1/items/psych-motivation-2/versions/3").ProblemCode(404)).Should().Be("item-not-found");
    }

    [Theory]
    [InlineData("facet: [", "file-broken")]
    [InlineData("facet: psych-inclusion\ntitle: Без всего", "field-missing")]
    [InlineData("", "file-broken")]
    [InlineData("facet: psych-inclusion\u0000", "file-broken")]
    public async Task Broken_YAML_is_refused_with_its_findings_and_nothing_is_written(string text, string rule)
    {
        using var author = await service.Person($"broken-{Guid.NewGuid():N}", Role.Author);

        var problem = await author.PutYaml("/api/v1/facets/psych-inclusion", text, basedOn: 1).Json(422);

        problem.Text("code").Should().Be("facet-has-errors");
        var finding = problem["findings"]!.AsArray().First(finding => finding!.Text("code") == rule)!;
        finding.Text("file").Should().EndWith(".yaml");
        finding.Number("line").Should().BePositive();
        (await author.GetAsync("/api/v1/facets/psych-inclusion").Json())["versions"]!.AsArray().Should().HaveCount(1);
    }

    [Fact]
    public async Task A_file_of_another_facet_is_refused()
    {
        using var author = await service.Person("other-author", Role.Author);

        (await author.PutYaml("/api/v1/facets/psych-inclusion", await author.Export("comm-students"), basedOn: 1).Json(422))["findings"]!
            .AsArray()
            .Should()
            .Contain(finding => finding!.Text("code") == "file-name");
        (await PutFiles(author, "psych-inclusion", await Files(author, "comm-parents-talk"), 1).ProblemCode(422))
            .Should()
            .Be("facet-code-mismatch");
        (await author.PutYaml("/api/v1/facets/brand-new?diagnostic=../x", "facet: brand-new", basedOn: 0).ProblemCode(422))
            .Should()
            .Be("diagnostic-invalid");
    }

    [Fact]
    public async Task A_new_facet_with_its_stimuli_comes_as_several_files()
    {
        using var author = await service.Person("new-author", Role.Author);
        var files = (await Files(author, "head-staff-case")).ToDictionary(
            file => file.Key.Replace("head-staff-case", "head-new-case", StringComparison.Ordinal),
            file => file.Value.Replace("head-staff-case", "head-new-case", StringComparison.Ordinal)
        );

        var written = await PutFiles(author, "head-new-case", files, 0).Json();

        (written["latest"]!.Text("diagnostic"), written["latest"]!.Number("version")).Should().Be(("school-head", 1));
        (await Files(author, "head-new-case")).Keys.Should().BeEquivalentTo(files.Keys);
    }

    [Fact]
    public async Task A_stimulus_that_another_facet_shows_is_not_changed_under_it()
    {
        using var author = await service.Person("shared-author", Role.Author);
        var files = await Files(author, "head-development-case");
        const string stimulus = "school-head/stimuli/head-development-case-1.yaml";
        var shared = files.ToDictionary(
            file => file.Key.Replace("facets/head-development-case", "facets/head-shared-case", StringComparison.Ordinal),
            file =>
                file.Key.Contains("/facets/", StringComparison.Ordinal)
                    ? file
                        .Value.Replace("facet: head-development-case", "facet: head-shared-case", StringComparison.Ordinal)
                        .Replace("item: head-development-case", "item: head-shared-case", StringComparison.Ordinal)
                    : file.Value
        );
        shared[stimulus] = shared[stimulus].Replace("title: ", "title: Иначе ", StringComparison.Ordinal);

        (await PutFiles(author, "head-shared-case", shared, 0).ProblemCode(409)).Should().Be("stimulus-shared");
    }

    [Fact]
    public async Task A_draft_may_hold_what_lint_refuses_but_does_not_reach_review()
    {
        using var author = await service.Person("draft-author", Role.Author);
        const string facet = "/api/v1/facets/comm-students";
        var text = Regex.Replace(
            await author.Export("comm-students"),
            @"    stem: [^\n|]+\n",
            "    stem: 'Какие приёмы работают эффективно?'\n"
        );

        var written = await author.PutYaml(facet, text, basedOn: 1).Json();

        written["findings"]!.AsArray().Should().Contain(finding => finding!.Text("code") == "quality-word" && finding.Number("line") > 0);
        var problem = await Move(author, facet, 2, "review").Json(422);
        problem.Text("code").Should().Be("facet-has-errors");
        problem["findings"]!.AsArray().Should().OnlyContain(finding => finding!.Text("severity") == "error");
    }

    [Theory]
    [InlineData("""{"to": "nowhere"}""", 400, "malformed-json")]
    [InlineData("""{"to": "review", "extra": 1}""", 400, "malformed-json")]
    [InlineData("""{"reason": "x"}""", 400, "malformed-json")]
    [InlineData("""{"to": """, 400, "malformed-json")]
    [InlineData("""{"to": "retired", "reason": "\u0000"}""", 422, "forbidden-character")]
    [InlineData("""{"to": "retired"}""", 422, "text-missing")]
    public async Task Bad_requests_for_a_transition_are_refused_by_name(string body, int status, string code) =>
        (
            await service
                .Admin.PostAsync(
                    "/api/v1/facets/psych-inclusion-term/versions/1/transitions",
                    new StringContent(body, Encoding.UTF8, "application/json")
                )
                .ProblemCode(status)
        )
            .Should()
            .Be(code);

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        (await service.Admin.GetAsync("/api/v1/facets/nothing").ProblemCode(404)).Should().Be("facet-not-found");
        (await service.Admin.GetAsync("/api/v1/facets/math-percent/versions/9/export").ProblemCode(404)).Should().Be("facet-not-found");
        (await Move(service.Admin, "/api/v1/facets/math-percent", 9, "active").ProblemCode(404)).Should().Be("facet-not-found");
        (await service.Admin.GetAsync("/api/v1/items/nothing").ProblemCode(404)).Should().Be("item-not-found");
    }

    [Fact]
    public async Task Every_decision_stands_in_the_audit()
    {
        using var author = await service.Person("audit-author", Role.Author);
        using var auditor = await service.Person("audit-auditor", Role.Auditor);
        await author
            .PutYaml(
                "/api/v1/facets/method-formative",
                (await author.Export("method-formative")).Replace("title: ", "title: Новое — ", StringComparison.Ordinal),
                basedOn: 1
            )
            .Json();
        await Move(author, "/api/v1/facets/method-formative", 2, "review").Json(201);

        var entries = (await auditor.GetAsync("/api/v1/audit?subject=facet:method-formative").Json())["items"]!.AsArray();

        entries.Select(entry => entry!.Text("action")).Should().Equal("facet.written", "facet.review");
    }

    private Task<HttpResponseMessage> Move(HttpClient client, string facet, int version, string to, string? reason = null)
    {
        service.Clock.Advance(NodaTime.Duration.FromMilliseconds(10));
        return client.PostAsJsonAsync($"{facet}/versions/{version}/transitions", new { to, reason });
    }

    private static async Task<Dictionary<string, string>> Files(HttpClient client, string facet)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/facets/{facet}/versions/1/export");
        request.Headers.Accept.ParseAdd("application/json");
        return (await client.SendAsync(request).Json())["files"]!
            .AsObject()
            .ToDictionary(file => file.Key, file => file.Value!.GetValue<string>());
    }

    private static Task<HttpResponseMessage> PutFiles(HttpClient client, string facet, Dictionary<string, string> files, int basedOn)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/facets/{facet}") { Content = JsonContent.Create(new { files }) };
        request.Headers.IfMatch.ParseAdd($"\"{basedOn}\"");
        return client.SendAsync(request);
    }
}
