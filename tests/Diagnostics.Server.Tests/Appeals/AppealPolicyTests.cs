using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests.Appeals;

using static Diagnostics.Server.Tests.Appeals.AppealScene;

/// <summary>Rules and calendars of appeals as versioned policies.</summary>
public sealed class AppealPolicyTests(TestService service) : IClassFixture<TestService>
{
    private const string Policies = "/api/v1/policies";

    [Fact]
    public async Task A_campaign_of_the_time_before_appeals_runs_by_the_first_usual_rules()
    {
        var scene = await AppealScene.Make(service);
        await scene.Scene.Database.Write(db =>
            db.Execute("DELETE FROM campaign_policies WHERE campaign_id = @Id AND kind IN ('appeals','calendar')", new { scene.Scene.Id })
        );

        var appeal = await scene.FileScore().Json(201);

        (appeal["policy"]!["code"]!.GetValue<string>(), appeal["policy"]!["version"]!.GetValue<int>()).Should().Be(("default", 1));
        appeal["dueAt"]!.GetValue<string>().Should().Be("2026-09-18T12:00:00Z");
    }

    [Fact]
    public async Task A_deadline_beyond_the_calendars_years_is_refused_until_a_version_states_them()
    {
        var scene = await AppealScene.Make(service);
        await Pin(scene, "calendar", await AddCalendar("short-lived", 2025));

        var problem = await scene.FileScore().Json(409);
        (problem["code"]!.GetValue<string>(), problem["year"]!.GetValue<int>()).Should().Be(("calendar-year-missing", 2026));
        (await (await scene.Taker()).GetAsync($"/api/v1/sessions/{scene.Session}/appealable").ProblemCode(409))
            .Should()
            .Be("calendar-year-missing");
        await AddCalendar("short-lived", 2025, 2026);

        (await scene.FileScore().Json(201))["dueAt"]!
            .GetValue<string>()
            .Should()
            .Be("2026-09-18T12:00:00Z", "the pinned version is silent of 2026, so the newer one speaks");
    }

    [Fact]
    public async Task A_newer_version_never_moves_a_day_that_the_pinned_one_knows()
    {
        var scene = await AppealScene.Make(service);
        await Pin(scene, "calendar", await AddCalendar("stable", 2026));
        // Version 2 of the calendar would make 15–18 September days off.
        await AddCalendar("stable", [15, 16, 17, 18], 2026);

        (await scene.FileScore().Json(201))["dueAt"]!.GetValue<string>().Should().Be("2026-09-18T12:00:00Z");
    }

    [Fact]
    public async Task A_regional_calendar_extends_one_that_exists()
    {
        (await Add("calendar", "region", Calendar([], [2026], """{"code":"nowhere","version":1}""")).ProblemCode(422))
            .Should()
            .Be("calendar-not-found");
        var scene = await AppealScene.Make(service);
        await Add("calendar", "region", Calendar([16], [2026], """{"code":"default","version":1}""")).Json(201);
        await Pin(scene, "calendar", ("region", 1));

        // The four working days in Petropavlovsk are Tue 15, Thu 17, Fri 18 and Mon 21 September.
        (await scene.FileScore().Json(201))["dueAt"]!
            .GetValue<string>()
            .Should()
            .Be("2026-09-21T12:00:00Z");
    }

    [Fact]
    public async Task Where_the_policy_forbids_it_points_do_not_fall_and_marks_need_no_opening()
    {
        var policy = JsonNode
            .Parse((await service.Admin.GetAsync($"{Policies}/appeals/default/1").Json())["content"]!.ToJsonString())!
            .AsObject();
        policy["mayLower"] = false;
        policy["earlierMarksOnRequest"] = false;
        policy["outcomes"] = new JsonArray("rejected", "satisfied_up", "technical_correction", "upheld");
        policy["commissionTimeZone"] = "Europe/Moscow";
        await Add("appeals", "lenient", policy).Json(201);
        var scene = await AppealScene.Make(service, lowered: true);
        await Pin(scene, "appeals", ("lenient", 1));
        var appeal = await scene.Considered();

        (await scene.Propose(appeal, "satisfied_down", scene.Criteria(full: false)).ProblemCode(409)).Should().Be("outcome-not-allowed");
        (await scene.Propose(appeal, "technical_correction", scene.Criteria(full: false)).ProblemCode(409))
            .Should()
            .Be("lowering-not-allowed");
        (await scene.Members[1].Client.GetAsync($"{AppealsPath}/{appeal}/work").Json())["answer"]!["earlierMarks"]!
            .AsArray()
            .Should()
            .ContainSingle();
        // The appeal is filed at 09:00 on Monday in Moscow; the four working days are Tue 15 to Fri 18, until midnight
        // in Moscow.
        (await scene.Read(appeal))["dueAt"]!
            .GetValue<string>()
            .Should()
            .Be("2026-09-18T21:00:00Z");
    }

    private Task<HttpResponseMessage> Add(string kind, string code, JsonNode content) =>
        service.Admin.PostAsJsonAsync(
            Policies,
            new
            {
                kind,
                code,
                content,
            }
        );

    private Task<(string, int)> AddCalendar(string code, params int[] years) => AddCalendar(code, [], years);

    private async Task<(string, int)> AddCalendar(string code, int[] offInSeptember, params int[] years) =>
        (code, (await Add("calendar", code, Calendar(offInSeptember, years)).Json(201))["version"]!.GetValue<int>());

    private static JsonNode Calendar(int[] offInSeptember, int[] years, string? extends = null)
    {
        var calendar = new JsonObject
        {
            ["title"] = "Календарь",
            ["daysAWeek"] = 5,
            ["years"] = new JsonArray(
                years
                    .Select(
                        JsonNode (year) =>
                            new JsonObject
                            {
                                ["year"] = year,
                                ["source"] = "для проверки",
                                ["daysOff"] = new JsonArray(
                                    offInSeptember
                                        .Select(JsonNode (day) => new JsonObject { ["date"] = $"{year}-09-{day:00}", ["title"] = "День" })
                                        .ToArray()
                                ),
                                ["workingDays"] = new JsonArray(),
                            }
                    )
                    .ToArray()
            ),
        };
        if (extends is not null)
            calendar["extends"] = JsonNode.Parse(extends);
        return calendar;
    }

    private static Task Pin(AppealScene scene, string kind, (string Code, int Version) policy) =>
        scene.Scene.Database.Write(db =>
            db.Execute(
                "UPDATE campaign_policies SET code = @Code, version = @Version WHERE campaign_id = @Id AND kind = @kind",
                new
                {
                    kind,
                    policy.Code,
                    policy.Version,
                    scene.Scene.Id,
                }
            )
        );
}
