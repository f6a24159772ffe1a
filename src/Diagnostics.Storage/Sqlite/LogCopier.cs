using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Diagnostics.Storage.Sqlite;

/// <summary>
/// Copies the write-ahead log back into the database file. Left to itself, SQLite would do this inside a commit, and
/// every caller would wait tens of milliseconds. While the writer goes on working, a separate connection copies and
/// flushes nearly the whole log. The writer copies only the remainder, and then starts again at the beginning of the
/// log.
/// </summary>
/// <remarks>
/// Only the writer's thread uses this class. A copy that fails or is held up by a reader leaves the log longer and is
/// tried again. Nothing depends on the copy: committed data are already in the log.
/// </remarks>
/// <param name="enoughPages">Size of the log, in pages, at which copying begins. The default is 256 MB: an exam writes
/// the same pages again and again, so copying rarely is cheaper.</param>
internal sealed class LogCopier(Func<SqliteConnection> open, int enoughPages = 64_000) : IDisposable
{
    // The first pass copies nearly everything, and the second copies the pages that arrived while the first was being
    // flushed.
    private const int PassesBeside = 2;

    private int pages;
    private Task? copying;

    /// <summary>Call this between batches; it takes only milliseconds of the writer's time.</summary>
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
            // The writer will meet the same fault and report it.
        }
    }

    private static void Copy(SqliteConnection connection) =>
        raw.sqlite3_wal_checkpoint_v2(connection.Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);

    /// <summary>
    /// Flushes the database file while the writer goes on working. SQLite itself flushes the file only when a copy has
    /// caught up with the log. Only the writer's own copy catches up, so without this method that copy would also flush
    /// everything copied before it, while every caller waits. The method uses SQLite's own handle, because closing
    /// another handle of this file would drop its locks.
    /// </summary>
    /// <remarks>
    /// Nothing depends on the result: the writer's copy flushes again before the log is overwritten from its beginning.
    /// </remarks>
    private static unsafe void Flush(SqliteConnection connection)
    {
        var file = SqliteFile.Database(connection);
        if (file is not null)
            file->Methods->Sync(file, SqliteMethods.SyncNormal);
    }
}
