namespace Diagnostics.Storage.Operations;

/// <summary>How much is going on and how much is waiting, counted for operators every few seconds by one reader.</summary>
internal static class WorkloadStore
{
    /// <summary>People who are answering now; the partial index of due sessions holds no others.</summary>
    internal static Task<long> SessionsInProgress(Db db) => db.Value<long>("SELECT COUNT(*) FROM sessions WHERE state = 'in_progress'");

    /// <summary>Scripts that wait for an expert.</summary>
    internal static Task<long> ScriptsWaiting(Db db) => db.Value<long>("SELECT COUNT(*) FROM marking_tasks WHERE state = 'waiting'");
}
