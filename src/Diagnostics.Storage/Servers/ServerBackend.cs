using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Reflection;
using Diagnostics.Engine;
using Level = System.Data.IsolationLevel;

namespace Diagnostics.Storage.Servers;

/// <summary>
/// A server with many writers, in this process and in others. Each unit of work is a separate transaction. Units that
/// conflict run again, so every unit may trust what it has read, as on SQLite.
/// </summary>
/// <remarks>
/// <para><see cref="Isolation.Serial"/> is SERIALIZABLE. When one unit has read data that another has written, the
/// server lets one of them fail; that unit runs again from the beginning.</para>
/// <para>Units that all want the same thing take turns (<see cref="Db.TakeTurn"/>). A serialisable unit must have its
/// turn before its first statement: on PostgreSQL because the unit sees what was committed at that moment, on SQL
/// Server because it keeps locks on what it has read, and another unit that has the turn may wait for these locks.
/// Whether a unit needs its turn is unknown before it runs. The first time that a method's unit needs it, the unit is
/// stopped there and started again with the turn; from then on the method's units take their turn at the start. They
/// run one after another on all nodes together; everything else runs beside them.</para>
/// </remarks>
internal abstract class ServerBackend : Backend
{
    private const int WaitingLimit = 8192;
    private const int LongestPause = 64;

    /// <summary>
    /// The longest wait for a connection, whatever its driver is waiting for, unless the connection string allows more.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    // Each place stands for a connection; the save path has connections of its own.
    private readonly SemaphoreSlim places;

    // One unit of work has the turn and one waits at the server: more would only occupy connections that others could
    // use.
    private readonly SemaphoreSlim turns = new(2);

    private readonly ConcurrentDictionary<MethodInfo, bool> takers = new();
    private readonly ConcurrentDictionary<object, Lazy<BatchCommit>> batches = new();
    private readonly TimeSpan patience;
    private int waiting;

    /// <param name="connections">Number of connections that this process may open.</param>
    /// <param name="connectSeconds">How long the driver tries to open a connection.</param>
    protected ServerBackend(int connections, int connectSeconds)
    {
        patience = connectSeconds > Patience.TotalSeconds ? TimeSpan.FromSeconds(connectSeconds) : Patience;
        TypeHandlers.Register();
        places = new SemaphoreSlim(Math.Max(1, connections - BatchCommit.Writers));
    }

    internal override bool MigratesItself => false;

    internal override string? File => null;

    internal override int QueueLength => Volatile.Read(ref waiting) + batches.Values.Sum(batch => batch.Value.QueueLength);

    /// <summary>SQL that waits until this transaction has the turn.</summary>
    protected abstract string LockTurn { get; }

    /// <summary>
    /// Whether a serialisable unit takes its turn when it runs again after a conflict. It does so where the server is
    /// slow to notice that units wait for each other: otherwise they would do so again and again.
    /// </summary>
    protected virtual bool TakesTurnAgain => false;

    /// <summary>SQL that waits until this transaction is the only one that changes the schema.</summary>
    protected abstract string LockSchema { get; }

    protected abstract Task<DbConnection> Open();

    /// <summary>Opens a connection for a batch, where batches have settings of their own.</summary>
    protected virtual Task<DbConnection> OpenForBatch() => Open();

    /// <summary>Opens a connection for a schema change, which may take very long on a large table.</summary>
    protected abstract Task<DbConnection> OpenPatient();

    /// <summary>
    /// Runs an act in a transaction; commits or rolls back as the act decides, and rolls back when it throws.
    /// </summary>
    /// <param name="level">Snapshot, ReadCommitted or Serializable.</param>
    /// <param name="act">Receives the transaction that commands must carry: null where a connection knows its
    /// transaction itself.</param>
    protected abstract Task<T> Transact<T>(DbConnection connection, Level level, Func<DbTransaction?, Task<(T Result, bool Stays)>> act);

    /// <summary>
    /// How many times in all to run a unit that failed only because of another one; 1 for any other fault.
    /// </summary>
    protected abstract int MostAttempts(DbException fault);

    /// <summary>Whether the fault is a conflict with other units.</summary>
    protected abstract bool IsConflict(DbException fault);

    /// <summary>The server's problem in words for an operator; null for a fault of the statement.</summary>
    protected abstract Exception? Explain(DbException fault);

    /// <summary>An unreachable server in words for an operator, for a fault that the driver does not explain.</summary>
    protected abstract DatabaseUnavailableException Unreachable(Exception fault);

    protected abstract ValueTask Close();

    /// <summary>
    /// Anything that keeps a connection from opening counts as an unavailable database. Drivers also throw exceptions
    /// that are not database faults (<see cref="InvalidOperationException"/>, <see cref="TimeoutException"/>). An
    /// attempt may also wait for a server that has accepted the connection and says nothing, or for its place in a pool
    /// of such connections; it must not keep anybody waiting longer than a person would.
    /// </summary>
    protected ValueTask<DbConnection> InTime(Task<DbConnection> opening) =>
        opening.IsCompletedSuccessfully ? new(opening.Result) : new(Await(opening));

    private async Task<DbConnection> Await(Task<DbConnection> opening)
    {
        try
        {
            return await opening.WaitAsync(patience);
        }
        catch (Exception fault) when (fault is not DatabaseUnavailableException)
        {
            // A connection that opens too late goes back to the pool.
            if (!opening.IsCompleted)
                _ = opening.ContinueWith(static late => late.Result.Dispose(), TaskContinuationOptions.OnlyOnRanToCompletion);
            throw (fault is DbException known ? Explain(known) as DatabaseUnavailableException : null) ?? Unreachable(fault);
        }
    }

    // All statements share one snapshot; nothing is written, so there are no conflicts. Only a schema change, which
    // locks tables one by one as a read does, may force a restart.
    internal override Task<T> Read<T>(Func<Db, Task<T>> work) =>
        Again(_ =>
            InPlace(connection =>
                Transact(connection, Level.Snapshot, async transaction => (await work(new Db(connection, transaction, Dialect)), false))
            )
        );

    internal override async Task<T> Write<T>(Func<Db, Task<T>> work, Isolation isolation, Func<Db, Task>? first)
    {
        if (isolation is Isolation.Guarded)
            return await Again(_ => InPlace(connection => Guarded(connection, first, work)));
        var site = work.Method;
        while (true)
        {
            try
            {
                return await Again(attempt =>
                    takers.ContainsKey(site) || (attempt > 1 && TakesTurnAgain)
                        ? InTurn(() => InPlace(connection => Serial(connection, first, work, takesTurn: true)))
                        : InPlace(connection => Serial(connection, first, work, takesTurn: false))
                );
            }
            catch (TurnException)
            {
                takers[site] = true;
            }
        }
    }

    internal override Task<T> WriteStatement<T>(Func<Db, Task<T>> statement) => Write(statement, Isolation.Guarded, first: null);

    internal override Task<TResult> WriteBatched<TItem, TResult>(BatchedWrite<TItem, TResult> kind, TItem item)
    {
        var batch = batches.GetOrAdd(
            kind,
            _ =>
                new(() =>
                    new BatchCommit<TItem, TResult>(
                        // Saves use connections of their own, so that reports never block them.
                        items => OnConnection(OpenForBatch, connection => AtOnce(connection, db => kind.AtOnce(db, items))),
                        one => Write(db => kind.Alone(db, one), Isolation.Guarded, first: null),
                        (begun, works) => StorageMeters.Committed(begun, works, Labels)
                    )
                )
        );
        return ((BatchCommit<TItem, TResult>)batch.Value).Enqueue(item);
    }

    internal override Task<T> ChangeSchema<T>(Func<Db, Task<T>> work) =>
        Again(_ => OnConnection(OpenPatient, connection => Guarded(connection, db => db.Execute(LockSchema), work)));

    public override async ValueTask DisposeAsync()
    {
        foreach (var batch in batches.Values)
            await batch.Value.DisposeAsync();
        await Close();
        places.Dispose();
        turns.Dispose();
    }

    private Task<T> Serial<T>(DbConnection connection, Func<Db, Task>? first, Func<Db, Task<T>> work, bool takesTurn) =>
        Transact(
            connection,
            Level.Serializable,
            async transaction =>
            {
                var db = new Db(connection, transaction, Dialect, takeTurn: takesTurn ? null : () => throw new TurnException());
                if (takesTurn)
                    await db.Execute(LockTurn);
                return await Run(db, first, work);
            }
        );

    /// <summary>
    /// Sends the message of <see cref="BatchedWrite{TItem, TResult}.AtOnce"/>; ends when it is committed.
    /// </summary>
    protected virtual Task<T> AtOnce<T>(DbConnection connection, Func<Db, Task<T>> send) => Guarded(connection, first: null, send);

    /// <summary>
    /// Here every statement sees everything committed before it, so the work may take the turn when it needs it.
    /// </summary>
    private Task<T> Guarded<T>(DbConnection connection, Func<Db, Task>? first, Func<Db, Task<T>> work) =>
        Transact(
            connection,
            Level.ReadCommitted,
            transaction =>
            {
                Db? db = null;
                db = new Db(connection, transaction, Dialect, takeTurn: () => db!.Execute(LockTurn));
                return Run(db, first, work);
            }
        );

    private static async Task<(T Result, bool Stays)> Run<T>(Db db, Func<Db, Task>? first, Func<Db, Task<T>> work)
    {
        if (first is not null)
            await first(db);
        var result = await work(db);
        return (result, result is not IRefusable { Refusal: not null });
    }

    /// <summary>
    /// Repeats a unit that failed only because of another one; after the last attempt the caller is told to retry
    /// later.
    /// </summary>
    /// <param name="run">Receives the number of the attempt, from 1.</param>
    private async Task<T> Again<T>(Func<int, Task<T>> run)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await run(attempt);
            }
            catch (DbException fault) when (attempt < MostAttempts(fault))
            {
                await Task.Delay(Random.Shared.Next(Math.Min(1 << attempt, LongestPause)));
            }
            catch (DbException fault) when (IsConflict(fault))
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

    /// <summary>Waits for a gate, or refuses when too many callers are already waiting.</summary>
    private async Task Wait(SemaphoreSlim gate)
    {
        try
        {
            if (Interlocked.Increment(ref waiting) > WaitingLimit)
                throw new DatabaseBusyException();
            await gate.WaitAsync();
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private async Task<T> InPlace<T>(Func<DbConnection, Task<T>> act)
    {
        await Wait(places);
        try
        {
            return await OnConnection(Open, act);
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<T> OnConnection<T>(Func<Task<DbConnection>> open, Func<DbConnection, Task<T>> act)
    {
        await using var connection = await InTime(open());
        try
        {
            return await act(connection);
        }
        catch (DbException fault) when (Explain(fault) is { } explained)
        {
            throw explained;
        }
        // This is how the driver reports a connection that the server has closed.
        catch (Exception fault)
            when (fault is InvalidOperationException or TimeoutException or IOException && connection.State is not ConnectionState.Open)
        {
            throw Unreachable(fault);
        }
    }

    /// <summary>The work has reached the point where it needs its turn, but can no longer take it.</summary>
    private sealed class TurnException : Exception;
}
