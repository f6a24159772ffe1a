namespace Diagnostics.Storage.Operations;

/// <summary>
/// Counts the work in progress and the work that is waiting, for operators. A single reader runs these queries every
/// few seconds.
/// </summary>
internal static class WorkloadStore
{
    /// <summary>
    /// Number of people who are taking the test now. The partial index of due sessions contains only the sessions of
    /// these people, so the count is fast.
    /// </summary>
    internal static Task<long> SessionsInProgress(Db db) => db.Value<long>("SELECT COUNT(*) FROM sessions WHERE state = 'in_progress'");

    /// <summary>Number of scripts that wait for an expert.</summary>
    internal static Task<long> ScriptsWaiting(Db db) => db.Value<long>("SELECT COUNT(*) FROM marking_tasks WHERE state = 'waiting'");
}
