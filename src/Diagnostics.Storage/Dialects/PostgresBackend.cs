using System.Collections.Concurrent;
using System.Reflection;
using Diagnostics.Engine;
using Npgsql;
using Level = System.Data.IsolationLevel;

namespace Diagnostics.Storage.Dialects;

/// <summary>
/// A server with many writers, in this process and in others. A unit of work is a transaction of its own; units that came
/// between each other run again, so that every one of them may trust what it has read as on SQLite.
/// </summary>
/// <remarks>
/// <para><see cref="Isolation.Serial"/> is SERIALIZABLE. The server then sees which unit has read what another has written,
/// and lets one of them fail; that one runs again from the beginning.</para>
/// <para>Works that all want the same thing take turns (<see cref="Db.TakeTurn"/>). A serialisable unit sees what was
/// committed when its first statement began, so it must have its turn before that; which works take one is not known
/// before they do. The first time such a work runs it is broken off there and begun anew with the turn taken, and from then
/// on it takes its turn at the start. These works run one after another, on all nodes together; everything else runs beside
/// them.</para>
/// </remarks>
internal sealed class PostgresBackend : Backend
{
    private const int WaitingLimit = 8192;
    private const int LongestPause = 64;

    // A number of our own among a server's advisory locks.
    private const string LockSchema = "SELECT pg_advisory_xact_lock(20260914)";

    // Another migration is waited for; a table in use is not for long, because everybody who comes later stands behind the
    // one who waits to change it. A dump would stop the service for as long as it takes.
    private const string BeginSchema = $"SET LOCAL lock_timeout = 0; {LockSchema}; SET LOCAL lock_timeout = '3s'";

    // The only kind of lock that can be waited for before the transaction's snapshot is taken.
    private const string LockTurn = "LOCK TABLE turn IN EXCLUSIVE MODE";

    private readonly NpgsqlConnectionStringBuilder settings;
    private readonly NpgsqlDataSource source;
    // A connection each, besides those of the save path.
    private readonly SemaphoreSlim places;

    // One that has the turn and one that waits at the server: more would only hold connections that others could use.
    private readonly SemaphoreSlim turns = new(2);

    private readonly ConcurrentDictionary<MethodInfo, bool> takers = new();
    private readonly ConcurrentDictionary<object, Lazy<BatchCommit>> batches = new();
    private int waiting;

    internal PostgresBackend(string connectionString)
    {
        TypeHandlers.Register();
        settings = Postgres.Settings(connectionString);
        source = NpgsqlDataSource.Create(settings);
        places = new SemaphoreSlim(Math.Max(1, settings.MaxPoolSize - BatchCommit.Writers));
    }

    internal override SqlDialect Dialect => Postgres.Dialect;

    internal override bool MigratesItself => false;

    internal override string? File => null;

    internal override int QueueLength => Volatile.Read(ref waiting) + batches.Values.Sum(batch => batch.Value.QueueLength);

    // One snapshot for all statements; nothing is written, so nothing can fail to serialise. A change of the schema takes
    // hold of tables one by one, as a read does: one of the two may have to begin anew.
    internal override Task<T> Read<T>(Func<Db, Task<T>> work) => Again(() => InPlace(async connection =>
    {
        await using var transaction = await connection.BeginTransactionAsync(Level.RepeatableRead);
        return await work(new Db(connection, transaction, Dialect));
    }));

    internal override async Task<T> Write<T>(Func<Db, Task<T>> work, Isolation isolation, Func<Db, Task>? first)
    {
        if (isolation is Isolation.Guarded) return await Again(() => InPlace(connection => Guarded(connection, first, work)));
        var site = work.Method;
        while (true)
        {
            try
            {
                return await Again(() => takers.ContainsKey(site)
                    ? InTurn(() => InPlace(connection => Serial(connection, first, work, takesTurn: true)))
                    : InPlace(connection => Serial(connection, first, work, takesTurn: false)));
            }
            catch (TurnException)
            {
                takers[site] = true;
            }
        }
    }

    internal override Task<T> WriteStatement<T>(Func<Db, Task<T>> statement) => Write(statement, Isolation.Guarded, first: null);

    internal override Task<TResult> WriteTogether<TItem, TResult>(Together<TItem, TResult> kind, TItem item)
    {
        var batch = batches.GetOrAdd(kind, _ => new(() => new BatchCommit<TItem, TResult>(
            // Past the places of all others: the way of the answers is never blocked by reports.
            // Without a transaction of its own: what is sent in one piece is one, and saves the way there and back of a commit.
            items => OnConnection(source, connection => kind.AtOnce(new Db(connection, transaction: null, Dialect), items)),
            one => Write(db => kind.Alone(db, one), Isolation.Guarded, first: null))));
        return ((BatchCommit<TItem, TResult>)batch.Value).Enqueue(item);
    }

    internal override async Task<T> WriteAlone<T>(Func<Db, Task<T>> work)
    {
        // A change of a large table takes as long as it takes.
        await using var patient = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(settings.ToString()) { CommandTimeout = 0, MaxPoolSize = 1 });
        return await Again(() => OnConnection(patient, connection => Guarded(connection, db => db.Execute(BeginSchema), work)));
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var batch in batches.Values) await batch.Value.DisposeAsync();
        await source.DisposeAsync();
        places.Dispose();
        turns.Dispose();
    }

    private async Task<T> Serial<T>(NpgsqlConnection connection, Func<Db, Task>? first, Func<Db, Task<T>> work, bool takesTurn)
    {
        await using var transaction = await connection.BeginTransactionAsync(Level.Serializable);
        var db = new Db(connection, transaction, Dialect, takeTurn: takesTurn ? null : () => throw new TurnException());
        if (takesTurn) await db.Execute(LockTurn);
        return await Commit(transaction, db, first, work);
    }

    /// <summary>Here every statement sees what is committed by then, so the turn may be taken when it is needed.</summary>
    private async Task<T> Guarded<T>(NpgsqlConnection connection, Func<Db, Task>? first, Func<Db, Task<T>> work)
    {
        await using var transaction = await connection.BeginTransactionAsync(Level.ReadCommitted);
        Db? db = null;
        db = new Db(connection, transaction, Dialect, takeTurn: () => db!.Execute(LockTurn));
        return await Commit(transaction, db, first, work);
    }

    private static async Task<T> Commit<T>(NpgsqlTransaction transaction, Db db, Func<Db, Task>? first, Func<Db, Task<T>> work)
    {
        if (first is not null) await first(db);
        var result = await work(db);
        if (result is IRefusable { Refusal: not null }) await transaction.RollbackAsync();
        else await transaction.CommitAsync();
        return result;
    }

    /// <summary>As often as it failed only because another came between; whoever always fails so is told to come again.</summary>
    private static async Task<T> Again<T>(Func<Task<T>> run)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await run();
            }
            catch (PostgresException fault) when (attempt < Postgres.MostAttempts(fault))
            {
                await Task.Delay(Random.Shared.Next(Math.Min(1 << attempt, LongestPause)));
            }
            catch (PostgresException fault) when (fault.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected)
            {
                throw new DatabaseBusyException(fault);
            }
        }
    }

    private async Task<T> InTurn<T>(Func<Task<T>> run)
    {
        await Wait(turns);
        try
        {
            return await run();
        }
        finally
        {
            turns.Release();
        }
    }

    /// <summary>Past a limit nobody is made to wait.</summary>
    private async Task Wait(SemaphoreSlim gate)
    {
        try
        {
            if (Interlocked.Increment(ref waiting) > WaitingLimit) throw new DatabaseBusyException();
            await gate.WaitAsync();
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private async Task<T> InPlace<T>(Func<NpgsqlConnection, Task<T>> act)
    {
        await Wait(places);
        try
        {
            return await OnConnection(source, act);
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<T> OnConnection<T>(NpgsqlDataSource from, Func<NpgsqlConnection, Task<T>> act)
    {
        try
        {
            await using var connection = await from.OpenConnectionAsync();
            return await act(connection);
        }
        catch (NpgsqlException fault) when (Postgres.Explain(fault, settings) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>The work has come to where it needs its turn, too late to take it.</summary>
    private sealed class TurnException : Exception;
}
