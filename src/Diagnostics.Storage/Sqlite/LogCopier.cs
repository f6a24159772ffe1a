using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Diagnostics.Storage.Sqlite;

/// <summary>
/// Copies the write-ahead log back into the database file, which SQLite would do inside a commit, making everybody wait
/// tens of milliseconds. Nearly all of it is copied and flushed beside the writer on a connection of its own; the writer
/// copies only what came in the meantime, and the log starts anew.
/// </summary>
/// <remarks>
/// Used by the writer's thread only. A copy that fails or is held up by a reader leaves the log longer and is tried again;
/// nothing depends on it: what is committed is in the log.
/// </remarks>
/// <param name="enoughPages">When to begin. 256 MB: the same pages are written again and again in an exam, so copying rarely is cheaper.</param>
internal sealed class LogCopier(Func<SqliteConnection> open, int enoughPages = 64_000) : IDisposable
{
    // The first takes nearly all, the second what came while the first was flushed.
    private const int PassesBeside = 2;

    private int pages;
    private Task? copying;

    /// <summary>To be called between batches: what it does itself takes milliseconds.</summary>
    internal void AfterCommit(SqliteConnection writer)
    {
        raw.sqlite3_db_status(writer.Handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var written, out _, resetFlg: 1);
        pages += written;
        if (copying is { IsCompleted: true })
        {
            Copy(writer);
            (copying, pages) = (null, 0);
        }
        else if (copying is null && pages >= enoughPages)
        {
            copying = Task.Factory.StartNew(CopyBeside, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    public void Dispose() => copying?.Wait();

    private void CopyBeside()
    {
        try
        {
            using var connection = open();
            for (var pass = 0; pass < PassesBeside; pass++)
            {
                Copy(connection);
                Flush(connection);
            }
        }
        catch (DatabaseUnavailableException)
        {
            // The writer meets the same fault and tells of it.
        }
    }

    private static void Copy(SqliteConnection connection) =>
        raw.sqlite3_wal_checkpoint_v2(connection.Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);

    /// <summary>
    /// SQLite flushes the database file only when a copy has caught up with the log: that is the writer's, and everything
    /// that was copied beside it would be flushed while everybody waits. Through SQLite's own handle, because closing
    /// another one to the same file would drop its locks.
    /// </summary>
    /// <remarks>Nothing depends on the result: the writer's copy flushes again before the log starts anew.</remarks>
    private static unsafe void Flush(SqliteConnection connection)
    {
        var file = SqliteFile.Database(connection);
        if (file is not null) file->Methods->Sync(file, SqliteMethods.SyncNormal);
    }
}
