using Diagnostics.Storage;
using Diagnostics.Storage.Postgres;
using Diagnostics.Storage.Sqlite;
using Diagnostics.TestKit.Server;
using Microsoft.Data.Sqlite;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Diagnostics.Load;

/// <summary>
/// The floor: the same inserts, each in a separate transaction on one connection, as in a service that commits every
/// save by itself.
/// </summary>
internal abstract class SingleCommit : IAsyncDisposable
{
    private const string Insert = """
        INSERT INTO session_responses (session_id, slot, revision, base_revision, content, saved_at)
        VALUES (@session, @slot, @revision, @base, @content, @now)
        """;

    internal static async Task<SingleCommit> Open(LoadDatabase database) =>
        database.ConnectionString is { } connectionString ? await OnPostgres.Open(connectionString) : OnFile(database.File);

    /// <param name="file">The SQLite file.</param>
    internal static SingleCommit OnFile(string file) => new OnSqlite(file);

    internal abstract Task Save(Guid session, int slot, int baseRevision, string content, Instant now);

    public abstract ValueTask DisposeAsync();

    /// <summary>SQLite with the pragmas of the service.</summary>
    private sealed class OnSqlite : SingleCommit
    {
        private readonly SqliteConnection connection;
        private readonly SqliteCommand insert;

        internal OnSqlite(string path)
        {
            connection = SqliteConnections.Open(SqliteConnections.ConnectionString(path));
            insert = connection.CreateCommand();
            // Restores SQLite's default, because here nothing else copies the log back into the database.
            insert.CommandText = "PRAGMA wal_autocheckpoint=1000";
            insert.ExecuteNonQuery();
            insert.CommandText = Insert;
            foreach (var name in (string[])["@session", "@slot", "@revision", "@base", "@content", "@now"])
                insert.Parameters.AddWithValue(name, DBNull.Value);
            insert.Prepare();
        }

        internal override Task Save(Guid session, int slot, int baseRevision, string content, Instant now)
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            insert.Transaction = transaction;
            insert.Parameters[0].Value = StoredForms.Text(session);
            insert.Parameters[1].Value = slot;
            insert.Parameters[2].Value = baseRevision + 1;
            insert.Parameters[3].Value = baseRevision;
            insert.Parameters[4].Value = content;
            insert.Parameters[5].Value = StoredForms.Text(now);
            insert.ExecuteNonQuery();
            transaction.Commit();
            return Task.CompletedTask;
        }

        public override async ValueTask DisposeAsync()
        {
            await insert.DisposeAsync();
            await connection.DisposeAsync();
        }
    }

    /// <summary>
    /// PostgreSQL with a prepared statement and one round trip: the statement is its own transaction.
    /// </summary>
    private sealed class OnPostgres : SingleCommit
    {
        private readonly NpgsqlConnection connection;
        private readonly NpgsqlCommand insert;

        private OnPostgres(NpgsqlConnection connection)
        {
            this.connection = connection;
            insert = new(Insert, connection)
            {
                Parameters =
                {
                    new("session", NpgsqlDbType.Uuid),
                    new("slot", NpgsqlDbType.Integer),
                    new("revision", NpgsqlDbType.Integer),
                    new("base", NpgsqlDbType.Integer),
                    new("content", NpgsqlDbType.Text),
                    new("now", NpgsqlDbType.TimestampTz),
                },
            };
        }

        internal static async Task<OnPostgres> Open(string connectionString)
        {
            var connection = new NpgsqlConnection(PostgresSettings.Of(connectionString).ToString());
            await connection.OpenAsync();
            var floor = new OnPostgres(connection);
            await floor.insert.PrepareAsync();
            return floor;
        }

        internal override Task Save(Guid session, int slot, int baseRevision, string content, Instant now)
        {
            insert.Parameters[0].Value = session;
            insert.Parameters[1].Value = slot;
            insert.Parameters[2].Value = baseRevision + 1;
            insert.Parameters[3].Value = baseRevision;
            insert.Parameters[4].Value = content;
            insert.Parameters[5].Value = now.ToDateTimeUtc();
            return insert.ExecuteNonQueryAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            await insert.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
