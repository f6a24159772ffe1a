using static Diagnostics.Engine.Marking.TaskState;

namespace Diagnostics.Engine.Marking;

/// <summary>
/// How a script's task moves through the queue. The SQL statements that move a task check for these states.
/// </summary>
public static class TaskMoves
{
    public static readonly Move<TaskState> Mark = Of("mark", "проверить", (Waiting, Marked));

    public static readonly Move<TaskState> CallThird = Of("call_third", "позвать третьего эксперта", (Marked, Waiting));

    public static readonly Move<TaskState> CallSecondLook = Of(
        "call_second_look",
        "прочитать ещё раз",
        (Waiting, Waiting),
        (Marked, Waiting)
    );

    /// <summary>Queues the task again, because the person has given a new answer.</summary>
    public static readonly Move<TaskState> Requeue = Of(
        "requeue",
        "поставить в очередь заново",
        (Waiting, Waiting),
        (Marked, Waiting),
        (Withdrawn, Waiting)
    );

    /// <summary>Withdraws the task, because the answer was emptied and nothing is left to mark.</summary>
    public static readonly Move<TaskState> Withdraw = Of(
        "withdraw",
        "снять с проверки",
        (Waiting, Withdrawn),
        (Marked, Withdrawn),
        (Withdrawn, Withdrawn)
    );

    public static readonly IReadOnlyList<Move<TaskState>> All = [Mark, CallThird, CallSecondLook, Requeue, Withdraw];

    private static Move<TaskState> Of(string name, string title, params (TaskState From, TaskState To)[] leads) =>
        new(
            name,
            title,
            (move, state) => Refusal.Conflict("task-state", $"Нельзя {move.Title}: работа {Word(state)}.").With("state", Codes.Of(state)),
            leads
        );

    private static string Word(TaskState state) =>
        state switch
        {
            Waiting => "ждёт проверки",
            Marked => "проверена",
            Withdrawn => "снята с проверки",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
        };
}
