using System.Data.Common;
using Diagnostics.Storage.Servers;
using Npgsql;
using Level = System.Data.IsolationLevel;

namespace Diagnostics.Storage.Postgres;

/// <summary>PostgreSQL: a transaction sees a snapshot, and a violation of serial order shows at commit.</summary>
internal sealed class PostgresBackend : ServerBackend
{
    private readonly NpgsqlConnectionStringBuilder settings;
    private readonly NpgsqlDataSource source;
    private readonly NpgsqlDataSource saves;

    internal PostgresBackend(string connectionString)
        : this(PostgresSettings.Of(connectionString), PostgresSettings.OfSaves(connectionString)) { }

    private PostgresBackend(NpgsqlConnectionStringBuilder settings, NpgsqlConnectionStringBuilder ofSaves)
        : base(settings.MaxPoolSize, settings.Timeout)
    {
        this.settings = settings;
        (source, saves) = (NpgsqlDataSource.Create(settings), NpgsqlDataSource.Create(ofSaves));
    }

    internal override SqlDialect Dialect => PostgresDialect.Instance;

    // A table lock is the only kind for which a transaction can wait before its snapshot is taken.
    protected override string LockTurn => "LOCK TABLE turn IN EXCLUSIVE MODE";

    // The number is our own among the server's advisory locks. A migration waits without limit for another migration,
    // but only briefly for a table in use: everybody who comes later queues behind a waiting schema change, so waiting
    // for a dump would stop the service until the dump ends.
    protected override string LockSchema =>
        "SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock(20260914); SET LOCAL lock_timeout = '3s'";

    protected override async Task<DbConnection> Open() => await source.OpenConnectionAsync();

    protected override async Task<DbConnection> OpenForBatch() => await saves.OpenConnectionAsync();

    protected override async Task<DbConnection> OpenPatient()
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(settings.ToString()) { CommandTimeout = 0, Pooling = false }.ToString()
        );
        await connection.OpenAsync();
        return connection;
    }

    // No explicit transaction is needed: the statements of one message are one transaction, which saves the round trip
    // of a commit.
    protected override async Task<T> AtOnce<T>(DbConnection connection, Func<Db, Task<T>> send)
    {
        var db = new Db(connection, transaction: null, Dialect);
        try
        {
            return await send(db);
        }
        // Somebody who does not hold the session, such as an operator, has just taken the key; now it is visible.
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return await send(db);
        }
    }

    protected override async Task<T> Transact<T>(
        DbConnection connection,
        Level level,
        Func<DbTransaction?, Task<(T Result, bool Stays)>> act
    )
    {
        // PostgreSQL calls a snapshot REPEATABLE READ.
        await using var transaction = await connection.BeginTransactionAsync(level is Level.Snapshot ? Level.RepeatableRead : level);
        var (result, stays) = await act(transaction);
        if (stays)
            await transaction.CommitAsync();
        else
            await transaction.RollbackAsync();
        return result;
    }

    protected override int MostAttempts(DbException fault) => fault is PostgresException known ? PostgresFaults.MostAttempts(known) : 1;

    protected override bool IsConflict(DbException fault) => fault is PostgresException known && PostgresFaults.IsConflict(known);

    protected override Exception? Explain(DbException fault)
    {
        var explained = fault is NpgsqlException known ? PostgresFaults.Explain(known, settings) : null;
        if (explained is DatabaseUnavailableException)
            Forget();
        return explained;
    }

    protected override DatabaseUnavailableException Unreachable(Exception fault)
    {
        Forget();
        return PostgresFaults.Unreachable(fault, settings);
    }

    /// <summary>
    /// Closes idle connections. The driver does so for the pool in which one has broken; without this, everybody who
    /// then takes one from the other pool would meet the same broken server, although it is back.
    /// </summary>
    private void Forget()
    {
        source.Clear();
        saves.Clear();
    }

    protected override async ValueTask Close()
    {
        await saves.DisposeAsync();
        await source.DisposeAsync();
    }
}
