using static Diagnostics.Engine.Jobs.JobState;

namespace Diagnostics.Engine.Jobs;

/// <summary>
/// <c>queued → running → finished | failed | cancelled</c>. A running job goes back to the queue when its node stops, and
/// another node goes on with it when its node has died.
/// </summary>
public enum JobState
{
    Queued,
    Running,
    Finished,
    Failed,
    Cancelled,
}

/// <summary>Why a job has failed.</summary>
public enum JobFailure
{
    /// <summary>The work refused to go on; the detail says why.</summary>
    Refused,

    /// <summary>Whoever asked for the job no longer has the right to do this work.</summary>
    NotAllowed,

    /// <summary>The job was begun several times in the same place, and its node died each time.</summary>
    Interrupted,

    /// <summary>A fault of the service.</summary>
    InternalError,
}

/// <summary>The allowed transitions between states.</summary>
public static class JobMoves
{
    /// <summary>
    /// A node takes the job: one that waits, or one whose node has died, in which case the state stays.
    /// </summary>
    public static readonly Move<JobState> ToTake = Of("take", "взять", (Queued, Running), (Running, Running));

    /// <summary>A slice of the work is done; the state does not change.</summary>
    public static readonly Move<JobState> ToAdvance = Of("advance", "продвинуть", (Running, Running));

    /// <summary>The node stops, and the job waits for another one.</summary>
    public static readonly Move<JobState> ToRelease = Of("release", "вернуть в очередь", (Running, Queued));

    public static readonly Move<JobState> ToFinish = Of("finish", "закончить", (Running, Finished));

    public static readonly Move<JobState> ToFail = Of("fail", "прервать из-за ошибки", (Running, Failed));

    /// <summary>
    /// Somebody cancels the job. One that runs stops between two slices, so it may run a moment longer.
    /// </summary>
    public static readonly Move<JobState> ToCancel = Of("cancel", "отменить", (Queued, Cancelled), (Running, Cancelled));

    public static readonly IReadOnlyList<Move<JobState>> All = [ToTake, ToAdvance, ToRelease, ToFinish, ToFail, ToCancel];

    /// <summary>Whether nothing more will happen to the job.</summary>
    public static bool IsOver(this JobState state) => state is not (Queued or Running);

    /// <summary>Describes the state for people.</summary>
    public static string Describe(this JobState state) =>
        state switch
        {
            Queued => "ждёт очереди",
            Running => "выполняется",
            Finished => "выполнена",
            Failed => "не удалась",
            Cancelled => "отменена",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
        };

    private static Move<JobState> Of(string name, string title, params (JobState, JobState)[] leads) =>
        new(
            name,
            title,
            (move, state) =>
                Refusal
                    .Conflict("job-state", $"Нельзя {move.Title} фоновую работу: она {state.Describe()}.")
                    .With("jobState", Codes.Of(state)),
            leads
        );
}
