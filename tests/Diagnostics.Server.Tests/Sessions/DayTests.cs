using System.Net.Http.Json;
using System.Text.Json.Nodes;
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
/// Mishaps that one person may have on the exam day. All times are calculated by hand from a start at 6:00:00 UTC (9:00
/// in Moscow, 13:00 in Krasnoyarsk) and a limit of 180 minutes.
/// </summary>
public sealed class DayTests : IAsyncLifetime
{
    private readonly TestService service = new();

    public Task InitializeAsync() => service.InitializeAsync();

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Who_walked_out_is_finished_by_the_site_and_what_was_saved_counts()
    {
        var scene = await At(service, 1);
        await scene.Save(Text, Write(0, "черновик")).Json();
        await scene.Save(Text, Write(1, "ответ")).Json();
        service.Clock.Advance(Duration.FromMinutes(40));

        (await scene.Do("/finish-by-site", new { act = " " }).ProblemCode(422)).Should().Be("text-missing");
        (await scene.Taker().PostAsJsonAsync(scene.Path("/finish-by-site"), new { act = "я" }).ProblemCode(403)).Should().Be("not-allowed");
        var finished = await scene.Do("/finish-by-site", new { act = "Ушёл в 9:40, акт № 3" }).Json();

        Field(finished, "state").Should().Be("finished");
        Field(finished, "endedAt").Should().Be("2026-09-14T06:40:00Z");
        var receipt = await scene.Taker().GetAsync(scene.Path("/receipt")).Json();
        receipt["manifest"]!.ToJsonString().Should().Be("""{"2":2}""");
        (await scene.Events()).Should().EndWith("finish_by_site");
        (await scene.Save(Text, Write(2, "поздно")).ProblemCode(409)).Should().Be("session-state");
        (await Audited("session.finished_by_site", scene)).Should().Contain("акт № 3");
        (await scene.Finish(new() { ["2"] = 2 }).Json())["code"]!
            .GetValue<string>()
            .Should()
            .Be(receipt["code"]!.GetValue<string>(), "the person's own finish changes nothing");
    }

    [Fact]
    public async Task Who_walked_out_during_a_pause_is_finished_too_and_a_session_not_begun_is_not()
    {
        var scene = await At(service, 1, started: false);
        (await scene.Do("/finish-by-site", new { act = "не пришёл" }).ProblemCode(409)).Should().Be("session-state");
        await Begin(scene);
        await scene.Do("/pause", new { reason = "стало плохо" }).Json();
        service.Clock.Advance(Duration.FromMinutes(5));

        Field(await scene.Do("/finish-by-site", new { act = "ушёл к врачу" }).Json(), "state").Should().Be("finished");
    }

    /// <summary>
    /// The session is finished at 6:48:52.000002 with 2:11:07.999998 left of the 180 minutes. The finish is undone at
    /// 7:05:00.000001, so the time ends at 9:16:07.999999.
    /// </summary>
    [Fact]
    public async Task A_session_finished_by_mistake_goes_on_with_exactly_the_time_that_was_left()
    {
        var scene = await At(service, 1);
        await scene.Save(Text, Write(0, "ответ")).Json();
        await Clock(scene, 6, 48, 52, 2);
        await scene.Finish(new() { ["2"] = 1 }).Json();
        await Clock(scene, 7, 5, 0, 1);

        (await scene.Taker().PostAsJsonAsync(scene.Path("/finish/withdrawal"), new { reason = "хочу ещё" }).ProblemCode(403))
            .Should()
            .Be("not-allowed");
        var again = await scene.Do("/finish/withdrawal", new { reason = "нажал не туда" }).Json();

        (Field(again, "state"), Field(again, "deadline")).Should().Be(("in_progress", "2026-09-14T09:16:07.999999Z"));
        await scene.Save(Text, Write(1, "исправлено")).Json();
        (await scene.Finish(new() { ["2"] = 2 }).Json())["manifest"]!.ToJsonString().Should().Be("""{"2":2}""");
        (await Audited("session.finish_undone", scene)).Should().Contain("нажал не туда");
    }

    /// <summary>
    /// The session is paused at 6:20:00.000001 with 2:39:59.999999 left; the person leaves, and the site finishes the
    /// session at 6:31. The finish is undone at 6:50, so the time ends at 9:29:59.999999.
    /// </summary>
    [Fact]
    public async Task Who_was_finished_by_the_site_during_a_pause_gets_the_pause_back()
    {
        var scene = await At(service, 1);
        await Clock(scene, 6, 20, 0, 1);
        await scene.Do("/pause", new { reason = "вышел" }).Json();
        await Clock(scene, 6, 31, 0, 0);
        await scene.Do("/finish-by-site", new { act = "не вернулся" }).Json();
        await Clock(scene, 6, 50, 0, 0);

        Field(await scene.Do("/finish/withdrawal", new { reason = "вернулся" }).Json(), "deadline")
            .Should()
            .Be("2026-09-14T09:29:59.999999Z");
    }

    /// <summary>The shipped policy lets a finish be undone for one day.</summary>
    [Fact]
    public async Task A_mistake_is_mended_within_the_time_that_the_policy_gives_and_not_a_microsecond_later()
    {
        var scene = await At(service, 2);
        await Clock(scene, 7, 0, 0, 0);
        await scene.Finish([]).Json();
        await scene.Finish([], desk: 1).Json();
        service.Clock.Advance(Duration.FromHours(24));
        await scene.SignInAgain();

        await scene.Do("/finish/withdrawal", new { reason = "по ошибке" }).Json();
        service.Clock.Advance(Duration.FromTicks(10));
        var late = await scene.Do("/finish/withdrawal", new { reason = "по ошибке" }, desk: 1).Json(409);

        (Field(late, "code"), late["correctionMinutes"]!.GetValue<int>()).Should().Be(("correction-late", 1440));
    }

    [Fact]
    public async Task An_admission_is_taken_back_until_the_person_begins()
    {
        var scene = await At(service, 1, started: false);
        await Then(scene, "/admission").Json();

        Field(await Then(scene, "/admission/withdrawal", new { reason = "однофамилец" }).Json(), "state").Should().Be("scheduled");
        (await scene.Taker().PostAsJsonAsync(scene.Path("/start"), new { }).ProblemCode(409)).Should().Be("session-state");
        await Begin(scene);
        (await Then(scene, "/admission/withdrawal", new { reason = "поздно" }).ProblemCode(409)).Should().Be("session-state");
        (await scene.Events()).Should().Equal("admit", "undo_admission", "admit", "start");
    }

    /// <summary>
    /// The session runs until 6:33:20.000003 and is annulled with 2:26:39.999997 left. It is restored at 8:00 as paused
    /// and resumed at 8:04:00.000001, so the time ends at 10:30:39.999998.
    /// </summary>
    [Fact]
    public async Task An_annulment_taken_back_gives_who_was_at_work_the_time_that_was_left()
    {
        var scene = await At(service, 1);
        await scene.Save(Text, Write(0, "ответ")).Json();
        await Clock(scene, 6, 33, 20, 3);
        await scene.Do("/annulment", new { reason = "перепутали" }).Json();
        await Clock(scene, 8, 0, 0, 0);

        var back = await scene.Do("/annulment/withdrawal", new { reason = "не тот сеанс" }).Json();
        (Field(back, "state"), back["secondsLeft"]!.GetValue<long>()).Should().Be(("paused", (2 * 60 * 60) + (26 * 60) + 39));
        await Clock(scene, 8, 4, 0, 1);
        Field(await scene.Do("/resumption").Json(), "deadline").Should().Be("2026-09-14T10:30:39.999998Z");
        await scene.Save(Text, Write(1, "дальше")).Json();
        (await Audited("session.annulment_undone", scene)).Should().Contain("не тот сеанс");
        (await scene.Do("/annulment/withdrawal", new { reason = "дважды" }).ProblemCode(409)).Should().Be("session-state");
    }

    /// <summary>
    /// The session is paused at 6:10:00.000005 with 2:49:59.999995 left, annulled during the pause, and resumed at
    /// 9:00, so the time ends at 11:49:59.999995.
    /// </summary>
    [Fact]
    public async Task An_annulment_taken_back_gives_who_was_paused_the_time_of_the_pause()
    {
        var scene = await At(service, 1);
        await Clock(scene, 6, 10, 0, 5);
        await scene.Do("/pause", new { reason = "свет" }).Json();
        await Clock(scene, 6, 40, 0, 0);
        await scene.Do("/annulment", new { reason = "перепутали" }).Json();
        await Clock(scene, 7, 0, 0, 0);
        Field(await scene.Do("/annulment/withdrawal", new { reason = "не тот" }).Json(), "state").Should().Be("paused");
        await Clock(scene, 9, 0, 0, 0);

        Field(await scene.Do("/resumption").Json(), "deadline").Should().Be("2026-09-14T11:49:59.999995Z");
    }

    [Fact]
    public async Task An_annulment_taken_back_leaves_a_finished_session_with_its_end_and_its_receipt()
    {
        var scene = await At(service, 1);
        await scene.Save(Text, Write(0, "ответ")).Json();
        await Clock(scene, 7, 0, 0, 9);
        var receipt = await scene.Finish(new() { ["2"] = 1 }).Json();
        await Clock(scene, 7, 30, 0, 0);
        await scene.Do("/annulment", new { reason = "подозрение" }).Json();
        await Clock(scene, 8, 0, 0, 0);

        var back = await scene.Do("/annulment/withdrawal", new { reason = "не подтвердилось" }).Json();

        (Field(back, "state"), Field(back, "endedAt")).Should().Be(("finished", "2026-09-14T07:00:00.000009Z"));
        (await scene.Taker().GetAsync(scene.Path("/receipt")).Json()).ToJsonString().Should().Be(receipt.ToJsonString());
    }

    [Theory]
    [InlineData(false, "scheduled")]
    [InlineData(true, "open")]
    public async Task An_annulment_before_the_start_is_taken_back_to_what_it_was(bool admitted, string state)
    {
        var scene = await At(service, 1, started: false);
        if (admitted)
            await scene.Do("/admission").Json();
        await scene.Do("/annulment", new { reason = "перепутали" }).Json();

        Field(await scene.Do("/annulment/withdrawal", new { reason = "не тот" }).Json(), "state").Should().Be(state);
        if (!admitted)
            await scene.Do("/admission").Json();
        await scene.Taker().PostAsJsonAsync(scene.Path("/start"), new { }).Json();
    }

    [Fact]
    public async Task Who_did_not_come_is_neither_admitted_nor_begins_until_that_is_taken_back()
    {
        var scene = await At(service, 1, started: false);
        await Then(scene, "/admission").Json();

        var absent = await Then(scene, "/absence", new { reason = "заболел", excused = true }).Json();
        Field(absent, "absentAt").Should().Be("2026-09-14T06:00:00.002Z");
        (await Then(scene, "/absence", new { reason = "дважды", excused = false }).ProblemCode(409)).Should().Be("marked-absent");
        (await scene.Taker().PostAsJsonAsync(scene.Path("/start"), new { }).ProblemCode(409)).Should().Be("marked-absent");
        await Then(scene, "/admission/withdrawal", new { reason = "не пришёл" }).Json();
        (await Then(scene, "/admission").ProblemCode(409)).Should().Be("marked-absent");
        (await Then(scene, "/absence/withdrawal", new { reason = "пришёл" }).Json())["absentAt"].Should().BeNull();
        (await Then(scene, "/absence/withdrawal", new { reason = "дважды" }).ProblemCode(409)).Should().Be("not-marked-absent");
        await Begin(scene);
        (await Then(scene, "/absence", new { reason = "ушёл", excused = false }).ProblemCode(409)).Should().Be("session-state");
        (await scene.Events()).Should().Equal("admit", "absent", "undo_admission", "undo_absence", "admit", "start");
    }

    /// <summary>
    /// 20 and 15 minutes are added before a start at 6:10:00.000007, so the time ends at 9:45:00.000007; 205 of the
    /// policy's 240 minutes are left.
    /// </summary>
    [Fact]
    public async Task Extra_time_given_before_the_start_is_added_at_the_start_and_counts_for_the_bound()
    {
        var scene = await At(service, 1, started: false);
        (await scene.Do("/extra-time", new { minutes = 20, reason = "слабое зрение" }).Json())["deadline"].Should().BeNull();
        await scene.Do("/admission").Json();
        await scene.Do("/extra-time", new { minutes = 15, reason = "место готовили" }).Json();
        (await scene.Do("/extra-time", new { minutes = 206, reason = "много" }).ProblemCode(409)).Should().Be("extra-time-exceeded");
        await Clock(scene, 6, 10, 0, 7);

        Field(await scene.Taker().PostAsJsonAsync(scene.Path("/start"), new { }).Json(), "deadline")
            .Should()
            .Be("2026-09-14T09:45:00.000007Z");

        (await scene.Do("/extra-time", new { minutes = 206, reason = "много" }).ProblemCode(409)).Should().Be("extra-time-exceeded");
        Field(await scene.Do("/extra-time", new { minutes = 205, reason = "сбой" }).Json(), "deadline")
            .Should()
            .Be("2026-09-14T13:10:00.000007Z");
    }

    private async Task Clock(SessionScene scene, int hour, int minute, int second, long microsecond)
    {
        service.Clock.Advance(
            Instant.FromUtc(2026, 9, 14, hour, minute, second) + Duration.FromTicks(microsecond * 10) - service.Clock.GetCurrentInstant()
        );
        await scene.SignInAgain();
    }

    /// <summary>Events at the same instant have no order in the log, so each call moves the clock first.</summary>
    private Task<HttpResponseMessage> Then(SessionScene scene, string action, object? body = null)
    {
        service.Clock.Advance(Duration.FromMilliseconds(1));
        return scene.Do(action, body);
    }

    private static string? Field(JsonNode answer, string field) => answer[field]?.GetValue<string>();

    private async Task Begin(SessionScene scene)
    {
        await Then(scene, "/admission").Json();
        service.Clock.Advance(Duration.FromMilliseconds(1));
        await scene.Taker().PostAsJsonAsync(scene.Path("/start"), new { }).Json();
    }

    private async Task<string> Audited(string action, SessionScene scene) =>
        (
            await service
                .Services.GetRequiredService<Database>()
                .Read(db => AuditStore.List(db, null, action, $"session:{scene.Session():D}", 0, 10))
        )
            .Should()
            .ContainSingle()
            .Subject.Details!;
}
