using System.Net.Http.Json;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static Diagnostics.Server.Tests.Sessions.SessionScene;

namespace Diagnostics.Server.Tests.Sessions;

/// <summary>
/// Stories of a session with the surprises of a real exam. Each story has its own service, and so its own clock.
/// </summary>
public sealed class LifeOfASessionTests : IAsyncLifetime
{
    private readonly TestService service = new();

    public Task InitializeAsync() => service.InitializeAsync();

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task From_admission_to_the_receipt()
    {
        var scene = await At(service, 1, started: false);
        (await scene.Taker().PostAsJsonAsync(scene.Path("/start"), new { }).ProblemCode(409)).Should().Be("session-state");
        (await scene.Taker().GetAsync(scene.Path("/items")).ProblemCode(409)).Should().Be("session-state");

        await scene.Do("/admission").Json();
        service.Clock.Advance(Duration.FromSeconds(1));
        var started = await scene.Taker().PostAsJsonAsync(scene.Path("/start"), new { device = "телефон" }).Json();
        started["secondsLeft"]!.GetValue<long>().Should().Be(180 * 60);
        service.Clock.Advance(Duration.FromSeconds(1));
        await scene.Save(Text, Write(0, "ответ")).Json();
        service.Clock.Advance(Duration.FromSeconds(1));
        var receipt = await scene.Finish(new() { ["2"] = 1 }).Json();

        receipt["manifest"]!["2"]!.GetValue<int>().Should().Be(1);
        (await scene.State()).Should().Be("finished");
        (await scene.Events()).Should().Equal("admit", "start", "save", "finish");
    }

    [Fact]
    public async Task A_finish_that_names_what_the_server_lacks_gets_a_list_and_changes_nothing()
    {
        var scene = await At(service, 1);
        await scene.Save(Text, Write(0, "ответ")).Json();

        var problem = await scene.Finish(new() { ["1"] = 1, ["2"] = 3 }).Json(409);

        problem["code"]!.GetValue<string>().Should().Be("responses-missing");
        problem["missing"]!.ToJsonString().Should().Be("""[{"slot":1,"expected":1,"actual":0},{"slot":2,"expected":3,"actual":1}]""");
        (await scene.State()).Should().Be("in_progress");
    }

    [Fact]
    public async Task Of_fifty_finishes_at_once_one_happens_and_all_get_its_receipt()
    {
        var scene = await At(service, 1);
        await scene.Save(Text, Write(0, "ответ")).Json();

        var receipts = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => scene.Finish(new() { ["2"] = 1 }).Json()));

        receipts.Select(receipt => receipt.ToJsonString()).Distinct().Should().HaveCount(1);
        (await scene.Events()).Count(kind => kind == "finish").Should().Be(1);
    }

    [Fact]
    public async Task A_save_that_comes_after_the_finish_is_refused_but_kept()
    {
        var scene = await At(service, 1);
        await scene.Finish([]).Json();

        (await scene.Save(Text, Write(0, "поздно")).ProblemCode(409)).Should().Be("session-state");
        (await scene.RejectedSaves()).Single()!["reason"]!.GetValue<string>().Should().Be("finished");
    }

    [Fact]
    public async Task When_saves_race_a_finish_each_is_either_before_it_or_kept_aside()
    {
        var scene = await At(service, 1);
        using var tab = scene.Taker();
        var acknowledged = 0;
        var saving = Task.Run(async () =>
        {
            while (((int)(await scene.Save(Text, Write(acknowledged, $"ответ {acknowledged}"), by: tab)).StatusCode) == 200)
                Volatile.Write(ref acknowledged, acknowledged + 1);
        });
        // Twenty saves are far below the request limit. At the limit, saving would stop by itself, and there would be
        // no race.
        while (Volatile.Read(ref acknowledged) < 20)
            await Task.Delay(1);
        var receipt = await scene.Finish([]).Json();
        await saving;

        receipt["manifest"]!["2"]!.GetValue<int>().Should().Be(acknowledged);
        (await scene.RejectedSaves()).Should().HaveCount(1);
    }

    [Fact]
    public async Task Time_runs_out_with_every_browser_closed_and_only_once()
    {
        var scene = await At(service, 3);
        service.Clock.Advance(Duration.FromHours(3) + Duration.FromSeconds(30));
        await scene.Expire();
        service.Clock.Advance(Duration.FromMilliseconds(1));

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => scene.Expire()));

        var operators = await SignedInAgain(scene);
        for (var desk = 0; desk < 3; desk++)
        {
            (await operators.GetAsync(scene.Path("/supervision", desk)).Json())["state"]!.GetValue<string>().Should().Be("expired");
            (await operators.GetAsync(scene.Path("/events", desk)).Json()).Items().Should().ContainSingle();
        }
    }

    [Fact]
    public async Task A_failure_pauses_the_clock_and_the_person_loses_no_second()
    {
        var scene = await At(service, 1);
        service.Clock.Advance(Duration.FromMinutes(10));
        await scene.Do("/pause", new { reason = "отключили свет" }).Json();
        service.Clock.Advance(Duration.FromMinutes(25));

        (await scene.Taker().GetAsync(scene.Path("")).Json())["secondsLeft"]!.GetValue<long>().Should().Be(170 * 60);
        var resumed = await scene.Do("/resumption").Json();

        resumed["secondsLeft"]!.GetValue<long>().Should().Be(170 * 60);
        await scene.Save(Text, Write(0, "после паузы")).Json();
    }

    [Fact]
    public async Task Extra_time_reaches_a_person_whose_time_had_already_run_out()
    {
        var scene = await At(service, 1);
        service.Clock.Advance(Duration.FromHours(4));
        await scene.Expire();
        var operators = await SignedInAgain(scene);

        var extended = await operators.PostAsJsonAsync(scene.Path("/extra-time"), new { minutes = 20, reason = "сбой на площадке" }).Json();

        extended["state"]!.GetValue<string>().Should().Be("in_progress");
        extended["secondsLeft"]!.GetValue<long>().Should().Be(20 * 60);
    }

    /// <summary>
    /// An hour after the deadline no node has ended the session. Thirty extra minutes that are given then count from
    /// that time.
    /// </summary>
    [Fact]
    public async Task Extra_time_counts_from_now_where_the_time_of_a_running_session_is_over()
    {
        var scene = await At(service, 1);
        service.Clock.Advance(Duration.FromHours(4));
        var operators = await SignedInAgain(scene);

        var extended = await operators.PostAsJsonAsync(scene.Path("/extra-time"), new { minutes = 30, reason = "сбой на площадке" }).Json();

        (extended["state"]!.GetValue<string>(), extended["secondsLeft"]!.GetValue<long>()).Should().Be(("in_progress", 30 * 60));
    }

    [Fact]
    public async Task Extra_time_is_bounded_in_all_by_the_policy_of_the_campaign()
    {
        var scene = await At(service, 1);
        await scene.Do("/extra-time", new { minutes = 200, reason = "сбой на площадке" }).Json();

        var refused = await scene.Do("/extra-time", new { minutes = 41, reason = "ещё сбой" }).Json(409);
        var most = await scene.Do("/extra-time", new { minutes = 40, reason = "ещё сбой" }).Json();

        (refused["code"]!.GetValue<string>(), refused["maxExtraMinutes"]!.GetValue<int>(), refused["given"]!.GetValue<int>())
            .Should()
            .Be(("extra-time-exceeded", 240, 200));
        most["secondsLeft"]!.GetValue<long>().Should().Be((180 + 240) * 60);
    }

    [Fact]
    public async Task A_session_that_expired_by_mistake_is_brought_back_by_the_operator_with_a_reason_that_the_audit_keeps()
    {
        var scene = await At(service, 1);
        await scene.Save(Text, Write(0, "ответ")).Json();
        (await scene.Do("/reopening", new { minutes = 30, reason = "не истёк" }).ProblemCode(409)).Should().Be("session-state");
        service.Clock.Advance(Duration.FromHours(5));
        await scene.Expire();
        // The clock was five hours ahead and is now set right.
        service.Clock.Advance(-Duration.FromHours(5) + Duration.FromMinutes(20));

        (await scene.Do("/reopening", new { minutes = 0, reason = "скачок часов" }).ProblemCode(422)).Should().Be("minutes-invalid");
        (await scene.Do("/reopening", new { minutes = 100_000, reason = "скачок часов" }).ProblemCode(422)).Should().Be("minutes-invalid");
        (await scene.Do("/reopening", new { minutes = 30, reason = " " }).ProblemCode(422)).Should().Be("text-missing");
        (await scene.Taker().PostAsJsonAsync(scene.Path("/reopening"), new { minutes = 30, reason = "хочу ещё" }).ProblemCode(403))
            .Should()
            .Be("not-allowed");
        var again = await scene.Do("/reopening", new { minutes = 90, reason = "скачок часов" }).Json();

        (again["state"]!.GetValue<string>(), again["secondsLeft"]!.GetValue<long>()).Should().Be(("in_progress", 90 * 60));
        await scene.Save(Text, Write(1, "ответ после возврата")).Json();
        (await scene.Events()).Should().Contain("reopen");
        var entry = (
            await service
                .Services.GetRequiredService<Database>()
                .Read(db => AuditStore.List(db, null, "session.reopened", $"session:{scene.Session():D}", 0, 10))
        )
            .Should()
            .ContainSingle()
            .Subject;
        entry.Details.Should().Contain("скачок часов");
        (await scene.Do("/reopening", new { minutes = 30, reason = "дважды" }).ProblemCode(409)).Should().Be("session-state");
    }

    /// <summary>
    /// Before the start, the service's answer does not reveal whether the response fits the item, or whether the item
    /// exists.
    /// </summary>
    [Fact]
    public async Task Before_the_start_every_answer_is_refused_in_the_same_words()
    {
        var scene = await At(service, 1, started: false);
        object[] bodies =
        [
            Write(0, "12"),
            Choose(0, "a"),
            Write(-1, "12"),
            new { baseRevision = 0, response = new { type = "ordering", order = new[] { "a" } } },
            new { baseRevision = 0, response = new { type = "matching", pairs = new Dictionary<string, string> { ["1"] = "a" } } },
            new
            {
                baseRevision = 0,
                response = (object?)null,
                cleared = true,
            },
        ];

        foreach (var admitted in (bool[])[false, true])
        {
            if (admitted)
                await scene.Do("/admission").Json();
            var told = new HashSet<string>();
            foreach (var body in bodies)
            foreach (var slot in (int[])[Choice, Text, 4, 99])
            {
                var problem = (await scene.Save(slot, body).Json(409)).AsObject();
                problem.Remove("traceId");
                told.Add(problem.ToJsonString());
            }
            told.Should().ContainSingle().Which.Should().Contain("session-state");
        }

        await scene.Taker().PostAsJsonAsync(scene.Path("/start"), new { }).Json();
        (await scene.Save(Text, Choose(0, "a")).ProblemCode(422)).Should().Be("response-type-mismatch");
        (await scene.Save(99, Write(0, "12")).ProblemCode(404)).Should().Be("slot-not-found");
    }

    [Fact]
    public async Task After_the_end_too_the_state_comes_first()
    {
        var scene = await At(service, 1);
        await scene.Finish([]).Json();

        (await scene.Save(Text, Choose(0, "a")).ProblemCode(409)).Should().Be("session-state");
        (await scene.RejectedSaves()).Should().BeEmpty("what cannot be read cannot be kept");
    }

    [Fact]
    public async Task Another_device_goes_on_with_the_same_session_and_the_log_says_so()
    {
        var scene = await At(service, 1, started: false);
        await scene.Do("/admission").Json();
        service.Clock.Advance(Duration.FromSeconds(1));
        await scene.Taker().PostAsJsonAsync(scene.Path("/start"), new { device = "компьютер" }).Json();
        service.Clock.Advance(Duration.FromSeconds(1));
        await scene.Save(Text, Write(0, "ответ")).Json();
        service.Clock.Advance(Duration.FromSeconds(1));

        var again = await scene.Taker().PostAsJsonAsync(scene.Path("/start"), new { device = "телефон" }).Json();

        again["responses"]!.AsArray().Should().HaveCount(1);
        (await scene.Events()).Should().Equal("admit", "start", "save", "device_changed");
    }

    [Fact]
    public async Task Only_those_of_the_site_may_supervise_it()
    {
        var scene = await At(service, 1);
        using var taker = scene.Taker();

        (await taker.PostAsJsonAsync(scene.Path("/pause"), new { reason = "сам себе" }).ProblemCode(403)).Should().Be("not-allowed");
        (await scene.Do("/pause", new { reason = " " }).ProblemCode(422)).Should().Be("text-missing");
        (await scene.Do("/extra-time", new { minutes = 0, reason = "нет" }).ProblemCode(422)).Should().Be("minutes-invalid");
        (await scene.Do("/incidents", new { description = "Погас экран" }).Json(204)).Should().NotBeNull();
        (await scene.Events()).Should().Equal("incident");
    }

    private async Task<HttpClient> SignedInAgain(SessionScene scene) => (await At(service, 1)).Operator();
}
