using Diagnostics.Engine;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage.Sessions;
using Diagnostics.Storage.Sessions.Saving;
using NodaTime;

namespace Diagnostics.Storage.Tests.Sessions;

/// <summary>One thing that happens to a session.</summary>
internal abstract record Step
{
    /// <param name="Behind">How many revisions the page's base is behind the last one: 0 is up to date, above 0 is
    /// stale, and below 0 is from the future.</param>
    internal sealed record Save(int Slot, int Behind, string? Content, bool Cleared) : Step;

    internal sealed record Wait(int Seconds) : Step;

    internal sealed record Pause : Step;

    internal sealed record Resume : Step;

    internal sealed record Extend(int Seconds) : Step;

    internal sealed record Finish : Step;

    internal sealed record Expire : Step;
}

internal sealed record KeptResponse(int Slot, int BaseRevision, string Reason, string? Content);

/// <summary>The promises of docs/promises.md about a session's answers (G2–G5), as a simple model in memory.</summary>
internal sealed class SessionModel(Instant start, Duration timeLimit, Duration grace)
{
    private Instant deadline = start + timeLimit;
    private Instant pausedAt;

    internal Instant Now { get; private set; } = start;

    internal SessionState State { get; private set; } = SessionState.InProgress;

    /// <summary>For each slot, its answers in the order of their revisions.</summary>
    internal Dictionary<int, List<(string? Content, Instant At)>> Saved { get; } = [];

    internal List<KeptResponse> Kept { get; } = [];

    private bool InTime => Now <= deadline + grace;

    private long? SecondsLeft =>
        State.IsOver() ? null : Math.Max(0, (long)(deadline - (State is SessionState.Paused ? pausedAt : Now)).TotalSeconds);

    internal int Last(int slot) => Saved.TryGetValue(slot, out var answers) ? answers.Count : 0;

    internal void Wait(int seconds) => Now += Duration.FromSeconds(seconds);

    internal SaveOutcome Save(int slot, int baseRevision, string? content, bool cleared)
    {
        var answers = Saved.TryGetValue(slot, out var known) ? known : Saved[slot] = [];
        var takes = State is SessionState.InProgress && InTime;
        var (lastContent, lastAt) = answers.Count == 0 ? (null, default) : answers[^1];
        if (takes && baseRevision == answers.Count)
        {
            if (content is null && lastContent is not null && !cleared)
                return new SaveOutcome.BlankRefused(answers.Count);
            answers.Add((content, Now));
            return new SaveOutcome.Saved(answers.Count, Now, State, SecondsLeft);
        }
        // The answer to the last save was lost in transit, and the page sends that save again.
        if (baseRevision + 1 == answers.Count && content == lastContent)
            return new SaveOutcome.Saved(answers.Count, lastAt, State, SecondsLeft);
        var late = State is SessionState.InProgress && !InTime;
        SaveOutcome refused = takes ? new SaveOutcome.Stale(answers.Count, lastContent, lastAt) : new SaveOutcome.NotTaking(State, late);
        if (Kept.Count(each => each.Slot == slot) == ResponseSaves.MostKept)
            return new SaveOutcome.NotKept(refused);
        Kept.Add(
            new(
                slot,
                baseRevision,
                takes ? "stale"
                    : late ? "late"
                    : Codes.Of(State),
                content
            )
        );
        return refused;
    }

    /// <returns>Whether the session accepts this step now.</returns>
    internal bool Move(Step step)
    {
        switch (step)
        {
            case Step.Pause when State is SessionState.InProgress:
                (State, pausedAt) = (SessionState.Paused, Now);
                return true;
            case Step.Resume when State is SessionState.Paused:
                (State, deadline) = (SessionState.InProgress, deadline + (Now - pausedAt));
                return true;
            case Step.Extend extend when State is SessionState.InProgress or SessionState.Paused:
                // When the time is already over, the extra time counts from now, or from the start of the pause.
                deadline = Instant.Max(deadline, State is SessionState.Paused ? pausedAt : Now) + Duration.FromSeconds(extend.Seconds);
                return true;
            case Step.Extend extend when State is SessionState.Expired:
                (State, deadline) = (SessionState.InProgress, Now + Duration.FromSeconds(extend.Seconds));
                return true;
            case Step.Finish when State is SessionState.InProgress && InTime:
                State = SessionState.Finished;
                return true;
            case Step.Expire when State is SessionState.InProgress && !InTime:
                State = SessionState.Expired;
                return true;
            default:
                return false;
        }
    }
}
