using System.Net.Http.Json;
using System.Text;
using Diagnostics.Engine;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.Storage.Sessions.Saving;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Diagnostics.UseCases.Sessions;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static Diagnostics.Server.Tests.Sessions.SessionScene;

namespace Diagnostics.Server.Tests.Sessions;

public sealed class SavingTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_save_gets_a_rising_revision_and_is_there_when_the_page_is_opened_again()
    {
        var scene = await At(service, 1);

        (await scene.Save(Text, Write(0, "первый")).Json())["revision"]!.GetValue<int>().Should().Be(1);
        (await scene.Save(Text, Write(1, "второй")).Json())["revision"]!.GetValue<int>().Should().Be(2);

        var response = (await scene.Taker().GetAsync(scene.Path("")).Json())["responses"]!.AsArray().Single()!;
        response["revision"]!.GetValue<int>().Should().Be(2);
        response["response"]!["text"]!.GetValue<string>().Should().Be("второй");
    }

    [Fact]
    public async Task Every_option_shown_can_be_saved_and_comes_back_under_the_id_it_was_shown_with()
    {
        var scene = await At(service, 1);
        var items = (await scene.Taker().GetAsync(scene.Path("/items")).Json()).Items();
        var shown = items.Single(item => item!["slot"]!.GetValue<int>() == Choice)!["options"]!
            .AsArray()
            .Select(option => option!["id"]!.GetValue<string>())
            .ToList();

        for (var place = 0; place < shown.Count; place++)
        {
            await scene.Save(Choice, Choose(place, shown[place])).Json();
            var responses = (await scene.Taker().GetAsync(scene.Path("")).Json())["responses"]!.AsArray();
            responses.Single()!["response"]!["option"]!.GetValue<string>().Should().Be(shown[place]);
        }
    }

    [Fact]
    public async Task A_save_on_a_stale_base_is_refused_with_both_versions_and_kept()
    {
        var scene = await At(service, 1);
        await scene.Save(Text, Write(0, "первая вкладка")).Json();

        var problem = await scene.Save(Text, Write(0, "вторая вкладка")).Json(412);

        problem["code"]!.GetValue<string>().Should().Be("stale-base");
        problem["current"]!["revision"]!.GetValue<int>().Should().Be(1);
        problem["current"]!["response"]!["text"]!.GetValue<string>().Should().Be("первая вкладка");
        problem["rejected"]!["response"]!["text"]!.GetValue<string>().Should().Be("вторая вкладка");
        var kept = (await scene.RejectedSaves()).Single()!;
        kept["reason"]!.GetValue<string>().Should().Be("stale");
        kept["content"]!.GetValue<string>().Should().Contain("вторая вкладка");
    }

    [Fact]
    public async Task A_page_that_goes_on_saving_on_a_stale_base_is_told_both_versions_but_fills_no_disk()
    {
        var scene = await At(service, 1);
        await scene.Save(Text, Write(0, "первая вкладка")).Json();
        var database = service.Services.GetRequiredService<Database>();
        (await scene.Save(Text, Write(0, "вторая вкладка")).ProblemCode(412)).Should().Be("stale-base");
        await database.Write(async db =>
        {
            for (var count = 1; count < ResponseSaves.MostKept; count++)
                await ResponseSaves.Save(db, new(scene.Session(), Text, 0, $"{count}", false, service.Clock.GetCurrentInstant()));
            return default(Done);
        });

        var problem = await scene.Save(Text, Write(0, "ещё раз")).Json(429);

        problem["code"]!.GetValue<string>().Should().Be("too-many-refused");
        problem["current"]!["response"]!["text"]!.GetValue<string>().Should().Be("первая вкладка");
        (await scene.RejectedSaves()).Should().HaveCount(ResponseSaves.MostKept);
        (await scene.Save(Text, Write(1, "по порядку")).Json())["revision"]!.GetValue<int>().Should().Be(2);
    }

    [Fact]
    public async Task A_session_that_nobody_has_begun_keeps_neither_answers_nor_events()
    {
        var scene = await At(service, 1, started: false);

        (await scene.Save(Text, Write(0, "рано")).ProblemCode(409)).Should().Be("session-state");
        (await scene.Taker().PostAsJsonAsync(scene.Path("/events"), new { kind = "offline" }).ProblemCode(409))
            .Should()
            .Be("session-state");

        (await scene.RejectedSaves()).Should().BeEmpty();
        (await scene.Events()).Should().NotContain("offline");
    }

    [Fact]
    public async Task A_device_that_reports_without_end_is_written_down_so_many_times()
    {
        var scene = await At(service, 1);
        var database = service.Services.GetRequiredService<Database>();
        await database.Write(async db =>
        {
            for (var count = 0; count < SessionLog.MostReported; count++)
                await SessionLog.Add(db, scene.Session(), "focus_lost", service.Clock.GetCurrentInstant() - Duration.FromMinutes(1), null);
            return default(Done);
        });

        (await scene.Taker().PostAsJsonAsync(scene.Path("/events"), new { kind = "offline" }).ProblemCode(429))
            .Should()
            .Be("too-many-events");
        await scene.Do("/pause", new { reason = "сбой" }).Json();
        var rest = (await scene.Operator().GetAsync(scene.Path($"/events?after={SessionLog.MostReported - 10}")).Json()).Items();
        rest.Select(happened => happened!["kind"]!.GetValue<string>())
            .Should()
            .Contain("pause", "what the people at the site do is written down all the same");
    }

    [Fact]
    public async Task A_save_repeated_because_its_answer_was_lost_is_no_conflict()
    {
        var scene = await At(service, 1);
        await scene.Save(Text, Write(0, "то же")).Json();

        (await scene.Save(Text, Write(0, "то же")).Json())["revision"]!.GetValue<int>().Should().Be(1);
        (await scene.RejectedSaves()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_repeated_save_is_told_when_the_first_was_saved_and_what_the_session_is_by_now()
    {
        var fresh = new TestService();
        await fresh.InitializeAsync();
        try
        {
            var scene = await At(fresh, 1);
            using var taker = scene.Taker();
            var first = await scene.Save(Text, Write(0, "то же"), by: taker).Json();
            fresh.Clock.Advance(Duration.FromSeconds(90));
            await scene.Do("/pause", new { reason = "проверка" }).Json();

            var again = await scene.Save(Text, Write(0, "то же"), by: taker).Json();

            again["savedAt"]!.GetValue<string>().Should().Be(first["savedAt"]!.GetValue<string>());
            (first["state"]!.GetValue<string>(), again["state"]!.GetValue<string>()).Should().Be(("in_progress", "paused"));
            (first["secondsLeft"]!.GetValue<long>() - again["secondsLeft"]!.GetValue<long>()).Should().Be(90);
        }
        finally
        {
            await fresh.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_session_that_hides_its_answers_says_so_and_how_long_saves_are_taken_after_the_deadline()
    {
        var scene = await At(service, 1);
        await scene.Save(Text, Write(0, "ответ")).Json();
        var shown = await scene.Taker().GetAsync(scene.Path("")).Json();
        await scene.Do("/pause", new { reason = "проверка" }).Json();

        var hidden = await scene.Taker().GetAsync(scene.Path("")).Json();

        (shown["responsesShown"]!.GetValue<bool>(), shown["responses"]!.AsArray().Count).Should().Be((true, 1));
        (hidden["responsesShown"]!.GetValue<bool>(), hidden["responses"]!.AsArray().Count).Should().Be((false, 0));
        shown["graceSeconds"]!.GetValue<int>().Should().Be(30);
    }

    [Fact]
    public async Task A_base_that_the_server_never_gave_is_stale()
    {
        var scene = await At(service, 1);

        (await scene.Save(Text, Write(7, "из будущего")).ProblemCode(412)).Should().Be("stale-base");
    }

    [Fact]
    public async Task A_blank_never_replaces_an_answer_unless_the_person_cleared_it()
    {
        var scene = await At(service, 1);
        await scene.Save(Text, Write(0, "ответ")).Json();

        (await scene.Save(Text, Write(1, "  ")).ProblemCode(409)).Should().Be("blank-would-replace-answer");
        (await scene.Save(Text, Write(1, "\u200B")).ProblemCode(409)).Should().Be("blank-would-replace-answer");
        (await scene.Save(Text, Write(1, "\u2060\uFEFF")).ProblemCode(409)).Should().Be("blank-would-replace-answer");
        (await scene.Save(Text, new { baseRevision = 1, response = (object?)null }).ProblemCode(409))
            .Should()
            .Be("blank-would-replace-answer");
        var cleared = await scene
            .Save(
                Text,
                new
                {
                    baseRevision = 1,
                    response = (object?)null,
                    cleared = true,
                }
            )
            .Json();

        cleared["revision"]!.GetValue<int>().Should().Be(2);
        var response = (await scene.Taker().GetAsync(scene.Path("")).Json())["responses"]!.AsArray().Single()!;
        response["response"].Should().BeNull();
    }

    [Fact]
    public async Task Saves_are_taken_up_to_deadline_and_grace_and_kept_after_it()
    {
        var fresh = new TestService();
        await fresh.InitializeAsync();
        try
        {
            var scene = await At(fresh, 1);
            using var taker = scene.Taker();
            // A token lives for an hour and the exam lasts three hours, so the person signs in again before the end.
            fresh.Clock.Advance(Duration.FromMinutes(59));
            await scene.Save(Text, Write(0, "вовремя"), by: taker).Json();
            await scene.Do("/pause", new { reason = "проверка" }).Json();
            (await scene.Save(Text, Write(1, "в паузе"), by: taker).ProblemCode(409)).Should().Be("session-state");
            await scene.Do("/resumption").Json();
            (await scene.RejectedSaves()).Single()!["reason"]!.GetValue<string>().Should().Be("paused");
        }
        finally
        {
            await fresh.DisposeAsync();
        }
    }

    [Fact]
    public async Task Of_fifty_saves_at_once_on_one_base_one_is_saved_and_the_others_are_kept()
    {
        var scene = await At(service, 1);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(tab => scene.Save(Text, Write(0, $"вкладка {tab}"))));

        answers.Count(answer => (int)answer.StatusCode == 200).Should().Be(1);
        answers.Count(answer => (int)answer.StatusCode == 412).Should().Be(49);
        (await scene.RejectedSaves()).Should().HaveCount(49);
    }

    [Theory]
    [InlineData("""{"baseRevision":0,"response":{"type":"single_choice","option":"1"}}""", Text, 422, "response-type-mismatch")]
    [InlineData("""{"baseRevision":0,"response":{"type":"single_choice","option":"99"}}""", Choice, 422, "unknown-option")]
    [InlineData("""{"baseRevision":0,"response":{"type":"single_choice","option":"a"}}""", Choice, 422, "unknown-option")]
    [InlineData("""{"baseRevision":-1,"response":null}""", Choice, 422, "base-revision-invalid")]
    [InlineData("""{"baseRevision":0,"response":{"type":"short_answer","text":"a\u0000b"}}""", Text, 422, "forbidden-character")]
    [InlineData("""{"baseRevision":0,"response":null}""", 99, 404, "slot-not-found")]
    [InlineData("""{"baseRevision":0,"response":{"type":"poem","text":"x"}}""", Text, 400, "malformed-json")]
    [InlineData("""{"baseRevision":0,"response":{"text":"x"}}""", Text, 400, "malformed-json")]
    [InlineData("""{"baseRevision":"0","response":null}""", Text, 400, "malformed-json")]
    [InlineData("""{"response":null}""", Text, 400, "malformed-json")]
    [InlineData("""{"baseRevision":0,"response":null,"score":5}""", Text, 400, "malformed-json")]
    [InlineData("""{"baseRevision":0,"response":""", Text, 400, "malformed-json")]
    [InlineData("""[]""", Text, 400, "malformed-json")]
    [InlineData("", Text, 400, "malformed-request")]
    public async Task A_wrong_request_is_refused_with_the_reason(string body, int slot, int status, string code)
    {
        var scene = await At(service, 1);

        var answer = scene.Taker().PutAsync(scene.Path($"/responses/{slot}"), new StringContent(body, Encoding.UTF8, "application/json"));

        (await answer.ProblemCode(status)).Should().Be(code);
    }

    [Fact]
    public async Task Oversized_texts_and_bodies_are_refused()
    {
        var scene = await At(service, 1);

        (await scene.Save(Text, Write(0, new string('я', 201))).ProblemCode(413)).Should().Be("answer-too-long");
        // The client waits for permission to send a large body (Expect: 100-continue), as curl does, so that it reads
        // the refusal instead of getting a broken pipe.
        using var patient = scene.Taker();
        patient.DefaultRequestHeaders.ExpectContinue = true;
        var tenMegabytes = new StringContent(
            $$"""{"baseRevision":0,"response":{"type":"short_answer","text":"{{new string('x', 10_000_000)}}"} }""",
            Encoding.UTF8,
            "application/json"
        );
        (await patient.PutAsync(scene.Path("/responses/2"), tenMegabytes).ProblemCode(413)).Should().Be("request-too-large");
        (await scene.Taker().PutAsync(scene.Path("/responses/2"), new StringContent("{}", Encoding.UTF8, "text/plain")).ProblemCode(415))
            .Should()
            .Be("unsupported-media-type");
    }

    [Fact]
    public async Task Somebody_elses_session_does_not_exist_for_a_taker()
    {
        var scene = await At(service, 2);
        using var stranger = scene.Taker(1);

        (await scene.Save(Text, Write(0, "чужой"), desk: 0, by: stranger).ProblemCode(404)).Should().Be("session-not-found");
        (await stranger.GetAsync(scene.Path("")).ProblemCode(404)).Should().Be("session-not-found");
        (await stranger.GetAsync(scene.Path("/items")).ProblemCode(404)).Should().Be("session-not-found");
        (await stranger.PostAsJsonAsync(scene.Path("/finish"), new { manifest = new Dictionary<string, int>() }).ProblemCode(404))
            .Should()
            .Be("session-not-found");
    }

    [Theory]
    [InlineData("/responses")]
    [InlineData("/supervision")]
    [InlineData("/events")]
    public async Task A_taker_cannot_read_what_is_for_staff(string path)
    {
        var scene = await At(service, 1);

        (await scene.Taker().GetAsync(scene.Path(path)).ProblemCode(403)).Should().Be("not-allowed");
    }

    [Fact]
    public async Task What_a_taker_gets_holds_no_key_rubric_solution_mistake_or_difficulty()
    {
        var scene = await At(service, 4);
        for (var desk = 0; desk < 4; desk++)
        {
            var items = await scene.Taker(desk).GetStringAsync(scene.Path("/items", desk));
            foreach (
                var word in (string[])
                    [
                        "\"key\"",
                        "\"solution\"",
                        "\"mistake\"",
                        "\"rubric\"",
                        "\"exemplars\"",
                        "\"difficulty\"",
                        "\"element\"",
                        "\"rule\"",
                        "\"waivers\"",
                    ]
            )
                items.Should().NotContain(word);
        }
    }

    [Fact]
    public async Task Unchanged_items_are_not_sent_twice()
    {
        var scene = await At(service, 1);
        using var taker = scene.Taker();
        var tag = (await taker.GetAsync(scene.Path("/items"))).Headers.ETag!;
        taker.DefaultRequestHeaders.IfNoneMatch.Add(tag);

        ((int)(await taker.GetAsync(scene.Path("/items"))).StatusCode).Should().Be(304);
    }
}
