using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests.Calibration;

/// <summary>
/// Calibrations over the API, on reference data (fourforms_random_groups.json: mirt 1.47, equate, psych).
/// </summary>
public sealed class CalibrationTests(ReferenceService reference) : IClassFixture<ReferenceService>
{
    private TestService Service => reference.Service;

    private ReferenceScene Scene => reference.Scene;

    [Fact]
    public async Task A_calibration_runs_in_the_background_and_gives_the_estimates_of_mirt()
    {
        var expected = ReferenceData.Expected("fourforms_random_groups");

        var id = await Scene.Calibrate("two_pl");

        var run = await Scene.Get(id);
        (run["persons"]!.GetValue<int>(), run["progress"]!.GetValue<double>(), run["stateText"]!.GetValue<string>())
            .Should()
            .Be((2400, 1, "сосчитана, ждёт решения"));
        run["fingerprint"]!.GetValue<string>().Should().MatchRegex("^[0-9a-f]{64}$");
        (run["aic"]!.GetValue<double>() + (2 * run["logLikelihood"]!.GetValue<double>()))
            .Should()
            .BeApproximately(2 * run["parameters"]!.GetValue<int>(), 1e-6);
        var items = (await Scene.Get(id, "/items")).AsArray();
        items.Should().HaveCount(4 * ReferenceScene.Slots);
        foreach (var (form, variant) in "ABCD".Select((form, at) => (form.ToString(), at + 1)))
        foreach (
            var (item, known) in items
                .Where(item => item!["variant"]!.GetValue<int>() == variant)
                .Zip(expected.GetProperty("two_pl_n01").GetProperty(form).EnumerateArray())
        )
        {
            item!["model"]!["slope"]!.GetValue<double>().Should().BeApproximately(known.GetProperty("a").GetDouble(), 2e-3);
            item["model"]!["location"]!.GetValue<double>().Should().BeApproximately(known.GetProperty("b").GetDouble(), 2e-3);
            item["options"]!.AsArray().Sum(option => option!["count"]!.GetValue<int>()).Should().Be(600);
        }
        var report = await Scene.Get(id, "/form");
        report["variants"]!
            .AsArray()
            .Select(variant => variant!["alpha"]!["value"]!.GetValue<double>())
            .Should()
            .Equal(
                "ABCD".Select(form => expected.GetProperty("alpha").GetProperty(form.ToString()).GetDouble()),
                (left, right) => Math.Abs(left - right) < 1e-6
            );
        report["parallelism"]!["verdict"]!.GetValue<string>().Should().Be("equate");
        report["parallelism"]!["detail"]!.GetValue<string>().Should().Contain("баллы стоит выравнивать");
        report["variants"]![0]!["boundaries"]!
            .AsArray()
            .Select(boundary => boundary!["percent"]!.GetValue<decimal>())
            .Should()
            .Equal(60, 81);
        report["variants"]![0]!["boundaries"]!
            .AsArray()
            .Should()
            .OnlyContain(boundary =>
                boundary!["modelError"]!["value"]!.GetValue<double>() > 0 && boundary["standardError"]!["value"]!.GetValue<double>() > 0
            );
    }

    [Fact]
    public async Task A_run_on_the_same_scores_has_the_same_fingerprint_and_names_the_first()
    {
        var (first, second, other) = (
            await Scene.Get(await Scene.Calibrate("rasch")),
            await Scene.Get(await Scene.Calibrate("rasch")),
            await Scene.Get(await Scene.Calibrate("rasch", minPersons: 50))
        );

        second["fingerprint"]!.GetValue<string>().Should().Be(first["fingerprint"]!.GetValue<string>());
        second["repeats"]!.GetValue<Guid>().Should().Be(first["id"]!.GetValue<Guid>());
        second["logLikelihood"]!.GetValue<double>().Should().Be(first["logLikelihood"]!.GetValue<double>());
        other["fingerprint"]!.GetValue<string>().Should().NotBe(first["fingerprint"]!.GetValue<string>());
    }

    [Fact]
    public async Task Too_few_people_are_said_with_the_classical_report_and_nothing_can_be_approved()
    {
        var campaign = await Scene.Campaign();
        await campaign.Scored(slot => slot.Slot % 2 == 0 ? Answer.Right(slot) : null);
        await campaign.Scored(Answer.Right);
        var id = (
            await Scene.Request(
                new
                {
                    formId = Scene.FormId,
                    model = "pcm",
                    campaignIds = new[] { campaign.Id },
                }
            )
        )["id"]!.GetValue<Guid>();

        var run = await Scene.Ended(id);

        (run["state"]!.GetValue<string>(), run["failure"]!.GetValue<string>()).Should().Be(("failed", "too_few_persons"));
        run["failureDetail"]!.GetValue<string>().Should().Be("Слишком мало участников: вариант 1 — 2; нужно не меньше 100 на вариант.");
        (await Scene.Get(id, "/form"))["failureDetail"]!.GetValue<string>().Should().Be(run["failureDetail"]!.GetValue<string>());
        (await Scene.Get(id, "/items"))
            .AsArray()
            .Should()
            .HaveCount(ReferenceScene.Slots)
            .And.OnlyContain(item => item!["model"] == null && item["classical"]!["difficulty"]!["value"] != null);
        (await Decide(id, "approval").ProblemCode(409)).Should().Be("calibration-state");
        (await Decide(id, "rejection").ProblemCode(409)).Should().Be("calibration-state");
        (await Service.Admin.PostAsync($"/api/v1/calibrations/{id}/cancellation", null).ProblemCode(409)).Should().Be("calibration-state");
    }

    [Fact]
    public async Task What_does_not_converge_is_said_so()
    {
        var id = (
            await Scene.Request(
                new
                {
                    formId = Scene.FormId,
                    model = "two_pl",
                    campaignIds = new[] { Scene.CampaignId },
                    mostIterations = 2,
                }
            )
        )["id"]!.GetValue<Guid>();

        var run = await Scene.Ended(id);

        (run["state"]!.GetValue<string>(), run["failure"]!.GetValue<string>()).Should().Be(("failed", "not_converged"));
        run["failureDetail"]!.GetValue<string>().Should().Contain("не сошлись");
    }

    [Fact]
    public async Task Only_operators_of_all_its_campaigns_see_a_calibration_and_only_an_operator_of_everything_decides()
    {
        var campaign = await Scene.Campaign();
        using var own = await campaign.Staff(Role.Operator);
        using var foreign = await campaign.Staff(Role.Operator, campaign: Guid.NewGuid());
        using var chair = await campaign.Staff(Role.Chair);
        var body = new
        {
            formId = Scene.FormId,
            model = "pcm",
            campaignIds = new[] { campaign.Id },
        };

        (await chair.PostAsJsonAsync("/api/v1/calibrations", body).ProblemCode(403)).Should().Be("not-allowed");
        (await foreign.PostAsJsonAsync("/api/v1/calibrations", body).ProblemCode(403)).Should().Be("not-your-campaigns");
        (await own.PostAsJsonAsync("/api/v1/calibrations", new { formId = Scene.FormId, model = "pcm" }).ProblemCode(403))
            .Should()
            .Be("not-your-campaigns");
        var id = (await Scene.Request(body, own))["id"]!.GetValue<Guid>();
        await Scene.Ended(id);

        await own.GetAsync($"/api/v1/calibrations/{id}").Json();
        foreach (var part in new[] { "", "/items", "/form", "/events" })
            (await foreign.GetAsync($"/api/v1/calibrations/{id}{part}").ProblemCode(404)).Should().Be("calibration-not-found");
        (await own.PostAsJsonAsync($"/api/v1/calibrations/{id}/approval", new { }).ProblemCode(403)).Should().Be("not-for-whole-form");
        (await foreign.GetAsync($"/api/v1/calibrations?formId={Scene.FormId}").Json())["items"]!.AsArray().Should().BeEmpty();
        (await own.GetAsync($"/api/v1/calibrations?formId={Scene.FormId}").Json())["items"]!
            .AsArray()
            .Select(each => each!["id"]!.GetValue<Guid>())
            .Should()
            .Equal(id);
        // The bank is closed to operators of single campaigns, so reports that contain keys are closed to these
        // operators too.
        await own.GetAsync($"/api/v1/calibrations/{id}/form").Json();
        (await own.GetAsync($"/api/v1/calibrations/{id}/items").ProblemCode(403)).Should().Be("not-for-whole-bank");
        (await own.GetAsync($"/api/v1/calibrations/scores?campaignId={campaign.Id}").ProblemCode(403)).Should().Be("not-for-whole-bank");
    }

    [Theory]
    [InlineData("""{"formId": "@form", "model": "pcm", "minPersons": 5}""", 422, "calibration-options")]
    [InlineData("""{"formId": "@form", "model": "rasch", "slopePrior": true}""", 422, "calibration-options")]
    [InlineData("""{"formId": "@nothing", "model": "pcm"}""", 404, "form-not-found")]
    [InlineData("""{"formId": "@form", "model": "pcm", "campaignIds": ["@nothing"]}""", 422, "campaign-unfit")]
    [InlineData("""{"formId": "@form", "model": "pcm", "campaignIds": []}""", 409, "no-campaigns")]
    [InlineData("""{"formId": "@form", "model": "3pl"}""", 400, "malformed-json")]
    public async Task What_cannot_be_calibrated_is_refused_at_once(string body, int status, string code)
    {
        using var content = new StringContent(
            body.Replace("@form", Scene.FormId.ToString()).Replace("@nothing", Guid.NewGuid().ToString()),
            null,
            "application/json"
        );

        (await Service.Admin.PostAsync("/api/v1/calibrations", content).ProblemCode(status)).Should().Be(code);
    }

    [Fact]
    public async Task Reports_need_not_be_sent_again_and_what_is_unknown_is_not_found()
    {
        var id = await Scene.Calibrate("pcm");
        using var first = await Service.Admin.GetAsync($"/api/v1/calibrations/{id}/form");
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/calibrations/{id}/form");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        (await Service.Admin.SendAsync(again)).StatusCode.Should().Be(HttpStatusCode.NotModified);
        (await Service.Admin.GetAsync($"/api/v1/calibrations/{Guid.NewGuid()}").ProblemCode(404)).Should().Be("calibration-not-found");
        (await Service.Admin.GetAsync("/api/v1/calibrations?state=lost").ProblemCode(422)).Should().Be("calibration-state-unknown");
        (await Scene.Get(id, "/events"))
            .Items()
            .Select(happened => happened!["kind"]!.GetValue<string>())
            .Should()
            .BeEquivalentTo("requested", "claimed", "completed");
    }

    [Fact]
    public async Task Nothing_personal_stands_in_reports()
    {
        var id = await Scene.Calibrate("pcm");

        foreach (var part in new[] { "", "/items", "/form", "/events" })
        {
            var text = (await Scene.Get(id, part)).ToJsonString();
            text.Should().NotContain(ReferenceScene.Surname).And.NotContain(ReferenceScene.Organisation);
        }
        (await Scene.Get(id, "/form"))["groups"]!
            .AsArray()
            .Select(group => group!["group"]!.GetValue<string>())
            .Should()
            .Contain(["82", "05"]);
    }

    private Task<HttpResponseMessage> Decide(Guid id, string what) =>
        Service.Admin.PostAsJsonAsync($"/api/v1/calibrations/{id}/{what}", new { });
}

/// <summary>One service with the reference people for the whole class.</summary>
public sealed class ReferenceService : IAsyncLifetime
{
    public TestService Service { get; } = new();

    internal ReferenceScene Scene { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Service.InitializeAsync();
        Scene = await ReferenceScene.Make(Service);
    }

    public Task DisposeAsync() => Service.DisposeAsync();
}
