namespace Diagnostics.Engine.Marking;

/// <summary>The state of a script's task in the queue.</summary>
/// <remarks>
/// The terms of marking, with one meaning each. A <b>script</b> is one anonymised open answer as an expert sees it. Its
/// <b>task</b> is its place in the queue, with the readings that it still needs. An <b>assignment</b> is one expert's
/// lease on a script. A <b>trial</b> is one expert's lease on a benchmark, which looks exactly like a script. A
/// <b>claim</b> is an assignment or a trial that an expert holds; to claim is to ask for the next one.
/// </remarks>
public enum TaskState
{
    /// <summary>The task still needs readings.</summary>
    Waiting,

    /// <summary>The task has all the readings it needs.</summary>
    Marked,

    /// <summary>The answer is no longer valid.</summary>
    Withdrawn,
}
