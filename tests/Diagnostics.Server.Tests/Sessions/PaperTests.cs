using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AngleSharp;
using AngleSharp.Dom;
using Diagnostics.Server.Tests.Region;
using Diagnostics.Server.Tests.SiteDays;
using Diagnostics.UseCases.Marking;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Sessions;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>People who write on paper: packages, what is handed out and taken back, and the entry of the answers.</summary>
public sealed class PaperTests : IAsyncLifetime
{
    private static readonly Keys Oracle = new();

    // Of its own for each test, because some move its clock by days.
    private readonly TestService service = new();

    private SiteDayScene scene = null!;
    private HttpClient first = null!,
        second = null!,
        third = null!;

    public async Task InitializeAsync()
    {
        await service.InitializeAsync();
        scene = await SiteDayScene.Make(service);
        var forms = await scene.Admin.GetAsync($"{V1}/forms").Json();
        var draft = await scene.Region.CampaignBody(scene.Region.Site);
        draft["formId"] = forms.Items().Single(form => form!["blueprint"]!.GetValue<string>() == "teacher-mathematics-5-9")!.Id();
        scene.Region.Campaign = (await scene.Admin.PostAsJsonAsync($"{V1}/campaigns", draft).Json(201)).Id();
        await scene.Region.Publish(scene.Region.Campaign).Json();
        (first, second, third) = (await Operator(), await Operator(), await Operator());
    }

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task The_same_answers_get_the_same_points_on_paper_and_on_a_screen()
    {
        var (paper, screen) = (await scene.Taker(), await scene.Taker());
        await scene.Database.Write(db =>
            db.Execute(
                """
                UPDATE sessions SET variant = 3, shuffle_seed = (SELECT shuffle_seed FROM sessions WHERE id = @paper) WHERE id IN (@paper, @screen)
                """,
                new { paper = paper.Session, screen = screen.Session }
            )
        );
        await scene.Start(screen);
        var shown = (await screen.Client.GetAsync($"{V1}/sessions/{screen.Session}/items").Json()).Items();
        var answers = Choose(shown, 3);
        foreach (var answer in answers.Where(answer => answer.Response is not null))
            await PutAt(
                    screen.Client,
                    $"{V1}/sessions/{screen.Session}/responses/{answer.Slot}",
                    new { baseRevision = 0, response = answer.Response },
                    null
                )
                .ContinueWith(saved => saved.Result.EnsureSuccessStatusCode());
        await scene.Finish(screen);

        var work = await Written(paper.Session);
        await Enter(first, work, answers).Json();
        var entered = await Enter(second, work, answers).Json();
        entered["stage"]!.GetValue<string>().Should().Be("entered");
        await service.Services.GetRequiredService<ScoringWorker>().ScoreDue(CancellationToken.None);

        var (onPaper, onScreen) = (await Points(paper.Session), await Points(screen.Session));
        onPaper.Should().Equal(onScreen);
        var expected = answers.Where(answer => answer.Points is not null).ToDictionary(answer => answer.Slot, answer => answer.Points);
        expected.Should().NotBeEmpty();
        onPaper.Where(slot => expected.ContainsKey(slot.Key)).Should().Equal(expected.OrderBy(slot => slot.Key));
    }

    [Fact]
    public async Task A_third_person_decides_where_two_have_typed_differently_and_only_there()
    {
        var taker = await scene.Taker();
        var work = await Written(taker.Session);
        var answers = Choose(await Items(taker.Session), work["variant"]!.GetValue<int>());
        var slip = answers.First(answer => answer.Response?["type"]!.GetValue<string>() == "short_answer");
        var other = answers
            .Select(answer =>
                answer == slip
                    ? answer with
                    {
                        Response = new JsonObject { ["type"] = "short_answer", ["text"] = "опечатка" },
                    }
                    : answer
            )
            .ToList();
        await Enter(first, work, answers).Json();

        var differs = await Enter(second, work, other).Json();

        differs["stage"]!.GetValue<string>().Should().Be("differs");
        (await Enter(first, work, answers).ProblemCode(409)).Should().Be("paper-entered-by-you");
        (await first.GetAsync(Path(taker.Session)).Json())["differences"]!.AsArray().Should().BeEmpty();
        var seen = (await third.GetAsync(Path(taker.Session)).Json())["differences"]!.AsArray().Single()!;
        seen["slot"]!.GetValue<int>().Should().Be(slip.Slot);
        seen["second"]!["text"]!.GetValue<string>().Should().Be("опечатка");
        (await Enter(third, work, answers).ProblemCode(422)).Should().Be("answers-invalid");

        var decided = await Enter(third, work, [slip]).Json();

        decided["stage"]!.GetValue<string>().Should().Be("entered");
        var history = await scene.Admin.GetAsync($"{V1}/sessions/{taker.Session}/responses").Json();
        history["saved"]!
            .AsArray()
            .Select(saved => (saved!["slot"]!.GetValue<int>(), saved["revision"]!.GetValue<int>()))
            .Should()
            .Equal(answers.Where(answer => answer.Response is not null).Select(answer => (answer.Slot, 1)).Order());
        JsonNode.Parse(
            history["saved"]!.AsArray().Single(saved => saved!["slot"]!.GetValue<int>() == slip.Slot)!["content"]!.GetValue<string>()
        )!["text"]!
            .GetValue<string>()
            .Should()
            .Be(slip.Response!["text"]!.GetValue<string>());
        (await Enter(await Operator(), work, answers).ProblemCode(409)).Should().Be("paper-entered");
    }

    [Fact]
    public async Task A_wrong_code_swapped_sheets_and_a_missing_page_are_noticed_when_sheets_are_taken_back_and_when_they_are_entered()
    {
        var (taker, neighbour) = (await scene.Taker(), await scene.Taker());
        var (work, others) = (await Begun(taker.Session), await Begun(neighbour.Session));
        var codes = Sheets(work);
        var mistyped = codes[1][..^1] + (codes[1][^1] == '2' ? '3' : '2');

        (await Collect(taker.Session, [codes[0], mistyped, .. codes[2..]]).ProblemCode(422)).Should().Be("sheet-code-mistyped");
        (await Collect(taker.Session, [codes[0], Sheets(others)[1], .. codes[2..]]).ProblemCode(422))
            .Should()
            .Be("sheet-of-another-person");
        (await Collect(taker.Session, [codes[0], .. codes]).ProblemCode(422)).Should().Be("sheet-twice");
        var missing = await Collect(taker.Session, codes[..^1]).Json(422);
        missing["code"]!.GetValue<string>().Should().Be("sheets-missing");
        missing["missing"]!.AsArray().Single()!.GetValue<int>().Should().Be(codes.Length);
        var collected = await Collect(taker.Session, codes[..^1], "Лист залит водой, акт № 4.").Json();
        (await Collect(taker.Session, codes).ProblemCode(409)).Should().Be("paper-collected");

        var answers = Choose(await Items(taker.Session), work["variant"]!.GetValue<int>());
        (await Enter(first, codes[1..^2], taker.Session, answers).ProblemCode(422)).Should().Be("sheets-missing");
        (await Enter(first, [.. codes[1..^2], Sheets(others)[2]], taker.Session, answers).ProblemCode(422))
            .Should()
            .Be("sheet-of-another-person");
        (await Enter(first, codes[1..^1], taker.Session, answers).Json())["stage"]!.GetValue<string>().Should().Be("entered_once");
        collected["note"]!.GetValue<string>().Should().Be("Лист залит водой, акт № 4.");
    }

    [Fact]
    public async Task While_somebody_writes_on_paper_nobody_goes_on_with_the_session_on_a_screen()
    {
        var taker = await scene.Taker();
        await Begun(taker.Session);

        (await taker.Client.GetAsync($"{V1}/sessions/{taker.Session}/items").ProblemCode(409)).Should().Be("session-state");
        (await taker.Client.PostAsJsonAsync($"{V1}/sessions/{taker.Session}/start", new { }).ProblemCode(409)).Should().Be("session-state");
        (await scene.Admin.PostAsJsonAsync($"{V1}/sessions/{taker.Session}/resumption", new { }).ProblemCode(409))
            .Should()
            .Be("session-on-paper");
        (await scene.Admin.PostAsJsonAsync($"{V1}/sessions/{taker.Session}/finish-by-site", new { act = "Ушёл" }).ProblemCode(409))
            .Should()
            .Be("session-on-paper");
        service.Clock.Advance(Duration.FromDays(2));
        var admin = await service.SignIn("admin", service.AdminPassword);
        (await admin.GetAsync($"{V1}/sessions/{taker.Session}/supervision").Json())["state"]!.GetValue<string>().Should().Be("paused");
    }

    [Fact]
    public async Task Times_are_those_of_the_writing_and_not_of_the_typing()
    {
        var taker = await scene.Taker();
        var start = service.Clock.GetCurrentInstant();
        var work = await Begun(taker.Session);
        service.Clock.Advance(Duration.FromMinutes(10));
        var end = start + Duration.FromMinutes(8);
        (await Collect(taker.Session, Sheets(work), endedAt: start - Duration.FromMinutes(1)).ProblemCode(422))
            .Should()
            .Be("ended-at-invalid");
        (await Collect(taker.Session, Sheets(work), endedAt: end).Json())["late"]!.GetValue<bool>().Should().BeFalse();
        service.Clock.Advance(Duration.FromMinutes(3));
        var answers = Choose(await Items(taker.Session), work["variant"]!.GetValue<int>());

        await Enter(first, work, answers).Json();
        await Enter(second, work, answers).Json();

        var session = await scene.Admin.GetAsync($"{V1}/sessions/{taker.Session}/supervision").Json();
        session["state"]!.GetValue<string>().Should().Be("finished");
        session["startedAt"]!.GetValue<string>().Should().Be(start.ToString());
        session["endedAt"]!.GetValue<string>().Should().Be(end.ToString());

        var slow = await scene.Taker();
        var late = await Begun(slow.Session);
        await scene.Database.Write(db =>
            db.Execute("UPDATE sessions SET deadline = started_at, accept_until = started_at WHERE id = @Session", new { slow.Session })
        );
        service.Clock.Advance(Duration.FromMinutes(1));
        (await Collect(slow.Session, Sheets(late)).Json())["late"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact]
    public async Task For_the_act_of_the_day_somebody_whose_sheets_are_back_has_finished()
    {
        var taker = await scene.Taker();
        var start = service.Clock.GetCurrentInstant();
        var work = await Begun(taker.Session);
        (await State()).Should().Be("started");
        service.Clock.Advance(Duration.FromMinutes(9));
        await Collect(taker.Session, Sheets(work)).Json();

        (await State()).Should().Be("finished");
        var place = (await scene.Act())["content"]!["places"]!.AsArray().Single()!;
        place["startedAt"]!.GetValue<string>().Should().Be(start.ToString());
        place["endedAt"]!.GetValue<string>().Should().Be((start + Duration.FromMinutes(9)).ToString());
        place["pauses"]!.AsArray().Should().BeEmpty("nobody has stopped this person");

        async Task<string> State() => (await scene.Act())["content"]!["places"]!.AsArray().Single()!["state"]!.GetValue<string>();
    }

    [Fact]
    public async Task The_trail_says_who_printed_handed_out_took_back_looked_and_entered()
    {
        var taker = await scene.Taker();
        var work = await Prepared(taker.Session);
        await scene.Admin.GetStringAsync(scene.Path("/paper/sheets"));
        await scene.Admin.GetAsync(scene.Path("/paper")).Json();
        await scene.Move(taker.Session, "admission");
        await scene.Admin.PostAsJsonAsync($"{Path(taker.Session)}/start", new { }).Json();
        await Collect(taker.Session, Sheets(work)).Json();
        var answers = Choose(await Items(taker.Session), work["variant"]!.GetValue<int>());
        await Enter(first, work, answers).Json();
        await Enter(second, work, answers).Json();

        var entries = await scene.Database.Read(db =>
            db.Query<string>("SELECT action FROM audit_entries WHERE action LIKE 'paper.%' ORDER BY number")
        );

        entries
            .Should()
            .Equal(
                "paper.made",
                "paper.printed",
                "paper.listed",
                "paper.started",
                "paper.collected",
                "paper.viewed",
                "paper.entered",
                "paper.entered"
            );
    }

    [Fact]
    public async Task The_answers_of_an_annulled_session_are_not_entered_until_the_annulment_is_undone()
    {
        var taker = await scene.Taker();
        var work = await Written(taker.Session);
        var answers = Choose(await Items(taker.Session), work["variant"]!.GetValue<int>());
        await Enter(first, work, answers).Json();
        await scene.Move(taker.Session, "annulment", new { reason = "Писал другой человек" });

        (await Enter(second, work, answers).ProblemCode(409)).Should().Be("session-state");

        await scene.Move(taker.Session, "annulment/withdrawal", new { reason = "Ошибка" });
        (await Enter(second, work, answers).Json())["stage"]!.GetValue<string>().Should().Be("entered");
    }

    [Fact]
    public async Task Fifty_who_enter_at_once_leave_two_entries_and_one_finish()
    {
        var taker = await scene.Taker();
        var work = await Written(taker.Session);
        var answers = Choose(await Items(taker.Session), work["variant"]!.GetValue<int>());
        var people = new List<HttpClient> { first, second, third };
        for (var more = 0; more < 7; more++)
            people.Add(await Operator());

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(async at =>
                {
                    using var answer = await Enter(people[at % people.Count], work, answers);
                    return answer.StatusCode;
                })
        );

        outcomes.Count(status => status is HttpStatusCode.OK).Should().Be(2);
        outcomes.Should().OnlyContain(status => status == HttpStatusCode.OK || status == HttpStatusCode.Conflict);
        (
            await scene.Database.Read(db =>
                db.Value<int>("SELECT COUNT(*) FROM paper_entries WHERE session_id = @Session", new { taker.Session })
            )
        )
            .Should()
            .Be(2);
        (
            await scene.Database.Read(db =>
                db.Value<int>(
                    "SELECT COUNT(*) FROM session_events WHERE session_id = @Session AND kind = 'finish_on_paper'",
                    new { taker.Session }
                )
            )
        )
            .Should()
            .Be(1);
    }

    [Fact]
    public async Task A_package_belongs_to_the_draw_and_to_those_whose_conditions_ask_for_paper()
    {
        var onPaper = await scene.Taker(new { paper = true });
        var onScreen = await scene.Taker();

        var made = (await scene.Admin.PostAsJsonAsync(scene.Path("/paper"), new { }).Json())["works"]!.AsArray();
        var again = (await scene.Admin.PostAsJsonAsync(scene.Path("/paper"), new { }).Json())["works"]!.AsArray();

        made.Select(work => work!["sessionId"]!.GetValue<Guid>()).Should().Equal(onPaper.Session);
        Sheets(again.Single()!).Should().Equal(Sheets(made.Single()!));
        (await scene.Admin.PostAsJsonAsync($"{V1}/sessions/{onScreen.Session}/paper/start", new { }).ProblemCode(404))
            .Should()
            .Be("paper-not-found");
        await scene.Database.Write(db =>
            db.Execute("UPDATE sessions SET shuffle_seed = shuffle_seed + 1 WHERE id = @Session", new { onPaper.Session })
        );
        await scene.Move(onPaper.Session, "admission");
        (await scene.Admin.PostAsJsonAsync($"{V1}/sessions/{onPaper.Session}/paper/start", new { }).ProblemCode(404))
            .Should()
            .Be("paper-not-found");
        var renewed = (await scene.Admin.PostAsJsonAsync(scene.Path("/paper"), new { }).Json())["works"]!.AsArray();
        Sheets(renewed.Single()!).Should().NotIntersectWith(Sheets(made.Single()!));
    }

    [Fact]
    public async Task What_is_printed_is_whole_names_the_person_once_and_is_for_the_operator()
    {
        var taker = await scene.Taker();
        var work = await Prepared(taker.Session);
        var (_, invigilator) = await scene.Staff("invigilator");
        (await invigilator.GetAsync(scene.Path("/paper/sheets"))).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await invigilator.GetAsync(scene.Path("/paper")).Json())["works"]!.AsArray().Should().HaveCount(1);

        var page = await scene.Admin.GetStringAsync(scene.Path($"/paper/sheets?sessionId={taker.Session}"));

        using var context = BrowsingContext.New(Configuration.Default);
        using var document = await context.OpenAsync(request => request.Content(page));
        var sheets = document.QuerySelectorAll(".sheet");
        sheets.Should().HaveCount(Sheets(work).Length + 1, "the tasks come after the sheets");
        sheets.SkipLast(1).Select(sheet => sheet.QuerySelector(".sheet-code")!.TextContent).Should().Equal(Sheets(work));
        sheets.Where(sheet => sheet.TextContent.Contains("Магомедова", StringComparison.Ordinal)).Should().Equal(sheets[0]);
        var tasks = sheets[^1].QuerySelectorAll(".task h2").Select(task => task.TextContent).ToList();
        await scene.Move(taker.Session, "admission");
        await scene.Admin.PostAsJsonAsync($"{V1}/sessions/{taker.Session}/paper/start", new { }).Json();
        await Collect(taker.Session, Sheets(work)).Json();
        var items = await Items(taker.Session);
        tasks.Should().Equal(items.Select(item => $"Задание {item!["slot"]}"));
        foreach (var list in new[] { "options", "left", "right", "elements" })
        foreach (var entry in items.SelectMany(item => item![list]?.AsArray() ?? []))
            sheets[^1].TextContent.Should().Contain(entry!["text"]!.GetValue<string>());
        sheets[1]
            .QuerySelectorAll("tbody tr")
            .Should()
            .HaveCount(items.Count(item => item!["type"]!.GetValue<string>() != "extended_response"));
    }

    private sealed record Answer(int Slot, JsonNode? Response, decimal? Points);

    /// <summary>An answer to every item, with the points that the bank's files give for it; none for extended ones.</summary>
    private static List<Answer> Choose(JsonArray shown, int variant)
    {
        var lot = new Random(20260914);
        return shown
            .Select(item =>
            {
                var slot = item!["slot"]!.GetValue<int>();
                var own = Oracle.Choose(item, variant, lot);
                var open = item["type"]!.GetValue<string>() == "extended_response";
                return new Answer(slot, own?.Response, open ? null : own?.Points ?? 0);
            })
            .ToList();
    }

    private async Task<HttpClient> Operator() => (await scene.Region.Staff(new { role = "operator", scope = "all" })).Client;

    private static string Path(Guid session) => $"{V1}/sessions/{session}/paper";

    private static string[] Sheets(JsonNode work) =>
        work["sheets"]!.AsArray().Select(sheet => sheet!["code"]!.GetValue<string>()).ToArray();

    private async Task<JsonNode> Prepared(Guid session) =>
        (await scene.Admin.PostAsJsonAsync(scene.Path("/paper"), new { sessions = new[] { session } }).Json())["works"]![0]!;

    private async Task<JsonNode> Begun(Guid session)
    {
        await Prepared(session);
        await scene.Move(session, "admission");
        return await scene.Admin.PostAsJsonAsync($"{Path(session)}/start", new { }).Json();
    }

    /// <summary>A session whose sheets have all been collected.</summary>
    private async Task<JsonNode> Written(Guid session)
    {
        var work = await Begun(session);
        await Collect(session, Sheets(work)).Json();
        return work;
    }

    private Task<HttpResponseMessage> Collect(Guid session, string[] sheets, string? note = null, Instant? endedAt = null) =>
        scene.Admin.PostAsJsonAsync(
            $"{Path(session)}/collection",
            new
            {
                sheets,
                note,
                endedAt = endedAt?.ToString(),
            }
        );

    private async Task<JsonArray> Items(Guid session) => (await first.GetAsync(Path(session)).Json())["items"]!.AsArray();

    private static Task<HttpResponseMessage> Enter(HttpClient by, JsonNode work, IReadOnlyList<Answer> answers) =>
        Enter(by, Sheets(work)[1..], work["sessionId"]!.GetValue<Guid>(), answers);

    private static Task<HttpResponseMessage> Enter(HttpClient by, string[] sheets, Guid session, IReadOnlyList<Answer> answers) =>
        by.PostAsJsonAsync(
            $"{Path(session)}/entries",
            new { sheets, answers = answers.Select(answer => new { slot = answer.Slot, response = answer.Response }) }
        );

    private async Task<IEnumerable<KeyValuePair<int, decimal?>>> Points(Guid session) =>
        (await scene.Admin.GetAsync($"{V1}/sessions/{session}/scores").Json())["slots"]!
            .AsArray()
            .Select(slot => KeyValuePair.Create(slot!["slot"]!.GetValue<int>(), slot["points"]?.GetValue<decimal>()))
            .OrderBy(slot => slot.Key)
            .ToList();
}
