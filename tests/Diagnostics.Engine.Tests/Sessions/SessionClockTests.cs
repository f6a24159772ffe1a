using Diagnostics.Engine.Sessions;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Diagnostics.Engine.Tests.Sessions;

public sealed class SessionClockTests
{
    private static readonly Instant Nine = Instant.FromUtc(2026, 9, 14, 9, 0);
    private static readonly Duration Grace = Duration.FromSeconds(30);
    private static readonly SessionClock Running = SessionClock.Scheduled.Admit().Value.Start(Nine, Duration.FromMinutes(90)).Value;

    [Fact]
    public void A_started_session_ends_after_its_time_limit() => Running.Deadline.Should().Be(Instant.FromUtc(2026, 9, 14, 10, 30));

    [Fact]
    public void A_pause_is_given_back_in_full()
    {
        var resumed = Running.Pause(Nine + Duration.FromMinutes(20)).Value.Resume(Nine + Duration.FromMinutes(37)).Value;

        resumed.Deadline.Should().Be(Instant.FromUtc(2026, 9, 14, 10, 47));
        resumed.State.Should().Be(SessionState.InProgress);
    }

    [Fact]
    public void A_paused_session_keeps_the_time_it_had_left() =>
        Running.Pause(Nine + Duration.FromMinutes(20)).Value.SecondsLeft(Nine + Duration.FromHours(5)).Should().Be(70 * 60);

    [Fact]
    public void A_paused_session_does_not_expire() =>
        Running.Pause(Nine).Value.Expire(Nine + Duration.FromDays(1), Grace).Refusal!.Code.Should().Be("session-state");

    [Fact]
    public void Extra_time_moves_the_deadline_of_a_running_session() =>
        Running.Extend(Nine, Duration.FromMinutes(15)).Value.Deadline.Should().Be(Instant.FromUtc(2026, 9, 14, 10, 45));

    [Fact]
    public void Extra_time_takes_an_expired_session_up_again_from_now()
    {
        var noon = Instant.FromUtc(2026, 9, 14, 12, 0);
        var expired = Running.Expire(noon, Grace).Value;

        var again = expired.Extend(noon, Duration.FromMinutes(10)).Value;

        again.Should().Be(Running with { Deadline = Instant.FromUtc(2026, 9, 14, 12, 10) });
    }

    /// <summary>
    /// Thirty extra minutes are given an hour after the deadline of a session that no node has ended. They count from
    /// the time at which they are given.
    /// </summary>
    [Fact]
    public void Extra_time_after_the_deadline_of_a_running_session_counts_from_now()
    {
        var late = Instant.FromUtc(2026, 9, 14, 11, 30);

        Running.Extend(late, Duration.FromMinutes(30)).Value.Deadline.Should().Be(Instant.FromUtc(2026, 9, 14, 12, 0));
    }

    /// <summary>
    /// The session is paused during the grace, ten seconds after the deadline; when it continues, it has all of the
    /// extra time.
    /// </summary>
    [Fact]
    public void Extra_time_of_a_session_paused_after_its_deadline_is_all_there()
    {
        var paused = Running.Pause(Running.Deadline!.Value + Duration.FromSeconds(10)).Value;
        var noon = Instant.FromUtc(2026, 9, 14, 12, 0);

        var resumed = paused.Extend(Instant.FromUtc(2026, 9, 14, 11, 0), Duration.FromMinutes(5)).Value.Resume(noon).Value;

        resumed.SecondsLeft(noon).Should().Be(300);
    }

    [Fact]
    public void Resuming_never_shortens_even_where_the_node_that_resumes_is_behind_the_one_that_paused()
    {
        var resumed = Running
            .Pause(Nine + Duration.FromMinutes(20))
            .Value.Resume(Nine + Duration.FromMinutes(20) - Duration.FromSeconds(3))
            .Value;

        resumed.Deadline.Should().Be(Running.Deadline);
    }

    [Fact]
    public void Extra_time_and_a_pause_never_shorten() =>
        Prop.ForAll(
                Gen.Choose(0, 20_000).Four().ToArbitrary(),
                of =>
                {
                    var (pause, resume, extend, extra) = (
                        Nine + Duration.FromSeconds(of.Item1),
                        Nine + Duration.FromSeconds(of.Item2),
                        Nine + Duration.FromSeconds(of.Item3),
                        Duration.FromSeconds(of.Item4)
                    );
                    var longer = Running.Extend(extend, extra).Value;
                    var resumed = longer.Pause(pause).Value.Resume(resume).Value;
                    return longer.Deadline >= Running.Deadline + extra
                        && longer.Deadline >= extend + extra
                        && resumed.Deadline >= longer.Deadline;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_session_that_expired_by_mistake_goes_on_with_what_was_left()
    {
        var ten = Instant.FromUtc(2026, 9, 14, 10, 0);
        var expired = Running.Expire(Instant.FromUtc(2026, 9, 14, 15, 0), Grace).Value;

        expired.Reopen(ten, Duration.FromMinutes(30)).Value.Should().Be(Running with { Deadline = Instant.FromUtc(2026, 9, 14, 10, 30) });
    }

    /// <summary>
    /// Of 90 minutes from 9:00:00, 41:07.999998 are left when the session is finished at 9:48:52.000002. The finish is
    /// undone at 10:05:00, so the time ends at 10:46:07.999998.
    /// </summary>
    [Fact]
    public void A_session_finished_by_mistake_goes_on_with_exactly_the_time_that_was_left()
    {
        var finished = Running.Finish(At(9, 48, 52, 2), Grace).Value;

        finished.UndoFinish(At(10, 5, 0, 0)).Value.Should().Be(Running with { Deadline = At(10, 46, 7, 999_998) });
    }

    /// <summary>
    /// The session is paused at 9:20:00.000001 with 69:59.999999 left. The person leaves, and the site finishes the
    /// session at 9:31:15. The finish is undone at 9:40:00.5, and 69:59.999999 are left again.
    /// </summary>
    [Fact]
    public void Who_left_during_a_pause_has_what_was_left_at_the_pause()
    {
        var finished = Running.Pause(At(9, 20, 0, 1)).Value.FinishBySite(At(9, 31, 15, 0), Grace).Value;

        finished
            .Should()
            .Be(Running with { State = SessionState.Finished, Deadline = At(10, 41, 14, 999_999), EndedAt = At(9, 31, 15, 0) });
        finished.UndoFinish(At(9, 40, 0, 500_000)).Value.Should().Be(Running with { Deadline = At(10, 50, 0, 499_999) });
    }

    [Fact]
    public void A_session_finished_in_the_grace_has_nothing_left_to_go_on_with() =>
        Running.Finish(At(10, 30, 10, 0), Grace).Value.UndoFinish(At(10, 31, 0, 0)).Refusal!.Code.Should().Be("no-time-left");

    /// <summary>
    /// The session is annulled at 9:33:20.000003 with 56:39.999997 left, restored at 11:00 and resumed at
    /// 11:04:00.000001.
    /// </summary>
    [Fact]
    public void An_annulment_undone_gives_the_time_that_was_left_at_the_annulment()
    {
        var back = Running.Annul(At(9, 33, 20, 3)).Value.UndoAnnulment(Running).Value;

        back.Should().Be(Running with { State = SessionState.Paused, PausedAt = At(9, 33, 20, 3) });
        back.Resume(At(11, 4, 0, 1)).Value.Deadline.Should().Be(At(12, 0, 39, 999_998));
    }

    [Fact]
    public void An_annulment_undone_gives_back_a_pause_from_when_it_began()
    {
        var paused = Running.Pause(At(9, 10, 0, 0)).Value;

        paused.Annul(At(9, 50, 0, 0)).Value.UndoAnnulment(paused).Value.Should().Be(paused);
    }

    [Fact]
    public void An_annulment_undone_leaves_what_was_finished_as_it_was()
    {
        var finished = Running.Finish(At(9, 48, 0, 7), Grace).Value;

        finished.Annul(At(15, 0, 0, 0)).Value.UndoAnnulment(finished).Value.Should().Be(finished);
    }

    private static Instant At(int hour, int minute, int second, long microsecond) =>
        Instant.FromUtc(2026, 9, 14, hour, minute, second) + Duration.FromTicks(microsecond * 10);

    [Theory]
    [InlineData(0, false)]
    [InlineData(30, false)]
    [InlineData(31, true)]
    public void Expiry_comes_only_after_deadline_and_grace(int secondsAfterDeadline, bool expires) =>
        (Running.Expire(Running.Deadline!.Value + Duration.FromSeconds(secondsAfterDeadline), Grace).Refusal is null).Should().Be(expires);

    [Theory]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public void A_finish_is_taken_as_long_as_saves_are(int secondsAfterDeadline, bool taken) =>
        (Running.Finish(Running.Deadline!.Value + Duration.FromSeconds(secondsAfterDeadline), Grace).Refusal is null).Should().Be(taken);

    // The states in docs/promises.md, sessions, row by row, with the transitions that each state allows.
    [Theory]
    [InlineData(SessionState.Scheduled, "admit extend annul")]
    [InlineData(SessionState.Open, "undo_admission start extend annul")]
    [InlineData(SessionState.InProgress, "pause extend finish finish_by_site expire annul")]
    [InlineData(SessionState.Paused, "resume extend finish_by_site annul")]
    [InlineData(SessionState.Finished, "undo_finish annul")]
    [InlineData(SessionState.Expired, "extend reopen annul")]
    [InlineData(SessionState.Annulled, "undo_annulment")]
    public void Only_the_transitions_of_the_design_happen(SessionState state, string allowed)
    {
        var clock = In(state);
        var late = Nine + Duration.FromHours(3);
        var tried = new Dictionary<string, Refusal?>
        {
            ["admit"] = clock.Admit().Refusal,
            ["undo_admission"] = clock.UndoAdmission().Refusal,
            ["start"] = clock.Start(Nine, Duration.FromHours(1)).Refusal,
            ["pause"] = clock.Pause(Nine).Refusal,
            ["resume"] = clock.Resume(Nine + Duration.FromHours(1)).Refusal,
            ["extend"] = clock.Extend(Nine, Duration.FromMinutes(1)).Refusal,
            ["finish"] = clock.Finish(Nine, Grace).Refusal,
            ["finish_by_site"] = clock.FinishBySite(Nine, Grace).Refusal,
            ["undo_finish"] = clock.UndoFinish(Nine).Refusal,
            ["reopen"] = clock.Reopen(Nine, Duration.FromMinutes(1)).Refusal,
            ["expire"] = clock.Expire(late, Grace).Refusal,
            ["annul"] = clock.Annul(Nine).Refusal,
            ["undo_annulment"] = clock.UndoAnnulment(Running).Refusal,
        };

        tried
            .Where(pair => pair.Value is null)
            .Select(pair => pair.Key)
            .Should()
            .BeEquivalentTo(allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void However_often_it_is_paused_a_person_has_the_whole_time_limit() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<PositiveInt[]>(),
                pauses =>
                {
                    var clock = Running;
                    var now = Nine;
                    var worked = Duration.Zero;
                    foreach (var pause in pauses.Select(seconds => Duration.FromSeconds(seconds.Get)))
                    {
                        now += Duration.FromSeconds(1);
                        worked += Duration.FromSeconds(1);
                        clock = clock.Pause(now).Value;
                        now += pause;
                        clock = clock.Resume(now).Value;
                    }
                    return clock.Deadline - now == Duration.FromMinutes(90) - worked;
                }
            )
            .QuickCheckThrowOnFailure();

    private static SessionClock In(SessionState state) =>
        state switch
        {
            SessionState.Scheduled => SessionClock.Scheduled,
            SessionState.Open => SessionClock.Scheduled.Admit().Value,
            SessionState.InProgress => Running,
            SessionState.Paused => Running.Pause(Nine).Value,
            SessionState.Finished => Running.Finish(Nine, Grace).Value,
            SessionState.Expired => Running.Expire(Nine + Duration.FromHours(3), Grace).Value,
            SessionState.Annulled => Running.Annul(Nine).Value,
            _ => throw new ArgumentOutOfRangeException(nameof(state)),
        };
}
