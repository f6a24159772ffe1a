namespace Diagnostics.Storage.Operations;

/// <summary>
/// Counts for operators how much work is in progress and how much is waiting; one reader runs these queries every few
/// seconds.
/// </summary>
internal static class WorkloadStore
{
    /// <summary>
    /// Number of people who are answering now; the partial index of due sessions contains only their sessions.
    /// </summary>
    internal static Task<long> SessionsInProgress(Db db) => db.Value<long>("SELECT COUNT(*) FROM sessions WHERE state = 'in_progress'");

    /// <summary>Number of scripts that wait for an expert.</summary>
    internal static Task<long> ScriptsWaiting(Db db) => db.Value<long>("SELECT COUNT(*) FROM marking_tasks WHERE state = 'waiting'");
}
