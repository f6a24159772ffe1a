using System.Net;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Server.Tests.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Sessions.Saving;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Diagnostics.Server.Tests.Http;

/// <summary>Requests that cost more than they seem to cost are limited, and lists come in pages.</summary>
public sealed class DearOperationsTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task One_look_at_the_database_answers_everybody_who_asks_whether_the_service_is_ready()
    {
        var check = service.Services.GetRequiredService<ReadinessCheck>();

        var looks = Enumerable.Range(0, 1000).Select(_ => check.Run()).Distinct().Count();

        looks.Should().BeLessThanOrEqualTo(2, "a second may have passed in between");
        (await check.Run()).Refusal.Should().BeNull();
        var before = check.Run();
        await Wait.Until("the database is looked at again", () => check.Run() != before);
    }

    [Fact]
    public async Task Whoever_reads_the_description_without_end_is_told_to_wait_and_people_who_signed_in_are_not()
    {
        using var somebody = service.Anonymous();
        var statuses = new List<HttpStatusCode>();
        for (var count = 0; count < 20 && !statuses.Contains(HttpStatusCode.TooManyRequests); count++)
            statuses.AddRange(
                await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ => (await somebody.GetAsync("/swagger/index.css")).StatusCode))
            );

        statuses.Should().Contain(HttpStatusCode.OK).And.Contain(HttpStatusCode.TooManyRequests);
        (await service.Admin.GetAsync("/openapi/v1.json")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await somebody.GetAsync("/health/ready")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Whoever_saves_without_end_is_told_to_wait_and_never_below_one_a_second()
    {
        var scene = await SessionScene.At(service, 1);
        // Identical saves in a row are all accepted, and each save counts against the limit.
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(_ => scene.Save(SessionScene.Text, SessionScene.Write(0, "ответ")))
        );

        answers
            .Should()
            .OnlyContain(answer => answer.StatusCode == HttpStatusCode.OK || answer.StatusCode == HttpStatusCode.TooManyRequests);
        answers.Count(answer => answer.StatusCode is HttpStatusCode.OK).Should().BeGreaterThanOrEqualTo(60);
        answers
            .First(answer => answer.StatusCode is HttpStatusCode.TooManyRequests)
            .Headers.RetryAfter!.Delta.Should()
            .Be(TimeSpan.FromSeconds(1));
        (await scene.Taker().GetAsync(scene.Path(""))).StatusCode.Should().Be(HttpStatusCode.OK, "it is another bucket");
        for (var revision = 1; revision <= 3; revision++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1.5));
            (await scene.Save(SessionScene.Text, SessionScene.Write(revision, $"{revision}"))).StatusCode.Should().Be(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Whatever_else_the_account_asks_for_without_end_a_save_has_its_place()
    {
        var own = new TestService { More = ["--Diagnostics:RequestsPerSecond=1"] };
        await own.InitializeAsync();
        try
        {
            var scene = await SessionScene.At(own, 1);
            using var taker = scene.Taker();
            var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => taker.GetAsync(scene.Path(""))));

            answers.Should().Contain(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
            (await scene.Save(SessionScene.Text, SessionScene.Write(0, "ответ"))).StatusCode.Should().Be(HttpStatusCode.OK);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_account_checks_one_bank_at_a_time()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(async _ => (await service.Admin.GetAsync("/api/v1/items/lint")).StatusCode)
        );

        answers.Should().OnlyContain(status => status == HttpStatusCode.OK || status == HttpStatusCode.TooManyRequests);
        answers.Should().Contain(HttpStatusCode.OK).And.Contain(HttpStatusCode.TooManyRequests);
        (await service.Admin.GetAsync("/api/v1/items/lint")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_history_of_a_session_comes_in_pages_that_miss_nothing_and_repeat_nothing()
    {
        var scene = await SessionScene.At(service, 1);
        var now = service.Clock.GetCurrentInstant();
        await service
            .Services.GetRequiredService<Database>()
            .Write(async db =>
            {
                for (var revision = 0; revision < 7; revision++)
                    foreach (var slot in new[] { 1, 2 })
                        await ResponseSaves.Save(db, new(scene.Session(), slot, revision, $"\"{slot}-{revision}\"", false, now));
                for (var late = 0; late < 5; late++)
                    await ResponseSaves.Save(db, new(scene.Session(), 1, 0, $"\"stale {late}\"", false, now));
                return default(Done);
            });

        var (saved, rejected, pages) = (new List<string>(), new List<string>(), 0);
        for (string? after = ""; after is not null; pages++)
        {
            var page = await scene
                .Operator()
                .GetAsync(scene.Path($"/responses?limit=4{(after.Length > 0 ? $"&after={after}" : "")}"))
                .Json();
            saved.AddRange(page["saved"]!.AsArray().Select(Content));
            rejected.AddRange(page["rejected"]!.AsArray().Select(Content));
            (page["saved"]!.AsArray().Count + page["rejected"]!.AsArray().Count).Should().BeLessThanOrEqualTo(4);
            after = page["next"]?.GetValue<string>();
        }

        pages.Should().Be(5, "14 answers and 5 refused saves, four a page");
        saved.Should().Equal(new[] { 1, 2 }.SelectMany(slot => Enumerable.Range(0, 7).Select(revision => $"\"{slot}-{revision}\"")));
        rejected.Should().BeEquivalentTo(Enumerable.Range(0, 5).Select(late => $"\"stale {late}\""));
        (await scene.Operator().GetAsync(scene.Path("/responses?after=вздор")).ProblemCode(422)).Should().Be("after-invalid");

        static string Content(JsonNode? entry) => entry!["content"]!.GetValue<string>();
    }

    [Fact]
    public async Task A_list_that_is_read_whole_comes_in_pages_too()
    {
        var scene = await SessionScene.At(service, 1);
        foreach (var count in Enumerable.Range(0, 5))
            await scene.Do("/incidents", new { description = $"случай {count}" }, 0);
        var whole = (await scene.Operator().GetAsync(scene.Path("/events")).Json()).Items().Select(entry => entry!.ToJsonString()).ToList();

        var seen = new List<string>();
        for (var next = scene.Path("/events?limit=2"); next.Length > 0; )
        {
            var page = await scene.Operator().GetAsync(next).Json();
            page.Items().Count.Should().BeLessThanOrEqualTo(2);
            seen.AddRange(page.Items().Select(entry => entry!.ToJsonString()));
            next = page["next"] is { } after ? scene.Path($"/events?limit=2&after={after}") : "";
        }

        seen.Should().Equal(whole).And.HaveCountGreaterThan(4);
        (await scene.Operator().GetAsync(scene.Path("/events?after=x"))).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    /// <summary>According to the API description, every list has a limit or cannot grow.</summary>
    [Fact]
    public async Task Every_list_is_paged_or_bounded_by_what_it_is_a_list_of()
    {
        string[] bounded =
        [
            // The length of the next lists is bounded by the form.
            "ListSessionItems",
            "ListPaperWorks",
            "GetPaperToEnter",
            "GetItemReports",
            "GetForm",
            "GetFormParallelism",
            "GetScores",
            "GetAppealable",
            "GetProfile",
            "GetFormReport",
            "GetReceipt",
            // Bounded by the expert's policy, the bank's rules, or the parts of a single thing.
            "GetFramework",
            "GetMyAccount",
            "GetAccount",
            "GetClient",
            "GetCampaign",
            "GetCommission",
            "GetReadiness",
            "GetMySession",
            "GetMyClaim",
            "GetCalibration",
            "GetFrameworkDraft",
            "CompareFrameworks",
            // Bounded by the versions and decisions of one thing, each of which a person has made.
            "GetItem",
            "GetFacet",
            "GetAppealProceedings",
            "GetAppealedWork",
            "GetPersonData",
            // Bounded by the experts and items of a campaign, or by the parts of its framework.
            "GetMarkingProgress",
            "GetMarkingStatistics",
            "GetDeficitStatistics",
            "GetPracticeCorrelation",
            "GetPracticeResult",
            "GetObservation",
            "GetComplexProfile",
            "GetQuestionnaireSession",
            "GetMarkingOverview",
            // Bounded by the kinds of matters that hold a publication up.
            "GetPublication",
            // Bounded by how many scripts one decision may cover, and by the readings of one script.
            "ListAlike",
            "GetScript",
            // Bounded by the framework, or by a profile, which belongs to one framework.
            "GetCasePackage",
            "GetCaseItemAssociations",
            "GetProfileStatements",
            // Bounded by the secrets that are valid during a rotation, and by the delivery attempts of three days.
            "GetWebhook",
            "GetDelivery",
            // Bounded by the seats of a site, and by the hundred members of a commission.
            "GetDayAct",
            "GetCampaignDocument",
            // Bounded by the bank itself, and only one request is served at a time.
            "LintStoredItems",
        ];
        var description = await service.Admin.GetAsync("/openapi/v1.json").Json();
        var (unbounded, bare) = (new List<string>(), new List<string>());
        foreach (var (_, path) in description["paths"]!.AsObject())
        {
            if (path!["get"] is not JsonObject operation)
                continue;
            if (operation["responses"]!["200"]?["content"]?["application/json"]?["schema"] is not JsonObject schema)
                continue;
            var parameters = operation["parameters"]?.AsArray().Select(parameter => parameter!["name"]?.GetValue<string>()).ToList() ?? [];
            // The CASE operations use an offset for their pages.
            var isPaged = parameters.Contains("limit") && (parameters.Contains("after") || parameters.Contains("offset"));
            if (HasArray(schema) && !isPaged)
                unbounded.Add(operation["operationId"]!.GetValue<string>());
            if (IsArray(schema))
                bare.Add(operation["operationId"]!.GetValue<string>());
        }

        unbounded.Should().BeEquivalentTo(bounded);
        // A list is {items, next}. The two that are not are whole documents: a stored report, and what xAPI prescribes.
        bare.Should().BeEquivalentTo("GetItemReports", "GetProfileStatements");

        bool HasArray(JsonObject schema)
        {
            var full = schema["$ref"]?.GetValue<string>() is { } reference
                ? description["components"]!["schemas"]![reference.Split('/')[^1]]!.AsObject()
                : schema;
            return IsArray(full) || (full["properties"]?.AsObject().Any(property => IsArray(property.Value!.AsObject())) ?? false);
        }

        static bool IsArray(JsonObject schema) =>
            schema["type"] switch
            {
                JsonValue type => type.GetValue<string>() == "array",
                JsonArray types => types.Any(type => type!.GetValue<string>() == "array"),
                _ => false,
            };
    }
}
