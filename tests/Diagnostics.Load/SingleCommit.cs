using Diagnostics.Storage.Dialects;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Diagnostics.Load;

/// <summary>The floor: the same insert, each in a transaction of its own on one connection with the same pragmas.</summary>
internal sealed class SingleCommit : IAsyncDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteCommand insert;

    internal SingleCommit(string path)
    {
        connection = Sqlite.Open(Sqlite.ConnectionString(path));
        insert = connection.CreateCommand();
        // SQLite's own setting: nobody else copies the log back here.
        insert.CommandText = "PRAGMA wal_autocheckpoint=1000";
        insert.ExecuteNonQuery();
        insert.CommandText = """
            INSERT INTO session_responses (session_id, slot, revision, base_revision, content, saved_at)
            VALUES (@session, @slot, @revision, @base, @content, @now)
            """;
        foreach (var name in (string[])["@session", "@slot", "@revision", "@base", "@content", "@now"]) insert.Parameters.AddWithValue(name, DBNull.Value);
        insert.Prepare();
    }

    internal void Save(Guid session, int slot, int baseRevision, string content, Instant now)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        insert.Transaction = transaction;
        insert.Parameters[0].Value = Sqlite.Text(session);
        insert.Parameters[1].Value = slot;
        insert.Parameters[2].Value = baseRevision + 1;
        insert.Parameters[3].Value = baseRevision;
        insert.Parameters[4].Value = content;
        insert.Parameters[5].Value = Sqlite.Text(now);
        insert.ExecuteNonQuery();
        transaction.Commit();
    }

    public async ValueTask DisposeAsync()
    {
        await insert.DisposeAsync();
        await connection.DisposeAsync();
    }
}
