using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Reflection;
using Diagnostics.Engine;
using Level = System.Data.IsolationLevel;

namespace Diagnostics.Storage.Servers;

/// <summary>
/// A server with many writers, in this process and in others. A unit of work is a transaction of its own; units that came
/// between each other run again, so that every one of them may trust what it has read as on SQLite.
/// </summary>
/// <remarks>
/// <para><see cref="Isolation.Serial"/> is SERIALIZABLE. Where one unit has read what another has written, the server lets one
/// of them fail; that one runs again from the beginning.</para>
/// <para>Works that all want the same thing take turns (<see cref="Db.TakeTurn"/>). A serialisable unit must have its turn
/// before its first statement: on PostgreSQL because it sees what was committed then, on SQL Server because what it has
/// read by then is locked and another, who has the turn, may wait for it. Which works take one is not known before they do.
/// The first time such a work runs it is broken off there and begun anew with the turn taken, and from then on it takes its
/// turn at the start. These works run one after another, on all nodes together; everything else runs beside them.</para>
/// </remarks>
internal abstract class ServerBackend : Backend
{
    private const int WaitingLimit = 8192;
    private const int LongestPause = 64;

    /// <summary>Longer nobody waits for a connection, whatever its driver is waiting for, unless the connection string asks for more.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    // A connection each, besides those of the save path.
    private readonly SemaphoreSlim places;

    // One that has the turn and one that waits at the server: more would only hold connections that others could use.
    private readonly SemaphoreSlim turns = new(2);

    private readonly ConcurrentDictionary<MethodInfo, bool> takers = new();
    private readonly ConcurrentDictionary<object, Lazy<BatchCommit>> batches = new();
    private readonly TimeSpan patience;
    private int waiting;

    /// <param name="connections">All that this process may open.</param>
    /// <param name="connectSeconds">How long the driver tries to open one.</param>
    protected ServerBackend(int connections, int connectSeconds)
    {
        patience = connectSeconds > Patience.TotalSeconds ? TimeSpan.FromSeconds(connectSeconds) : Patience;
        TypeHandlers.Register();
        places = new SemaphoreSlim(Math.Max(1, connections - BatchCommit.Writers));
    }

    internal override bool MigratesItself => false;

    internal override string? File => null;

    internal override int QueueLength => Volatile.Read(ref waiting) + batches.Values.Sum(batch => batch.Value.QueueLength);

    /// <summary>Waits until this transaction has the turn.</summary>
    protected abstract string LockTurn { get; }

    /// <summary>
    /// Does a serialisable unit that another came between take its turn when it runs again? Where the server is slow to notice
    /// that units wait for each other, or they would meet again and again.
    /// </summary>
    protected virtual bool TakesTurnAgain => false;

    /// <summary>Waits until this transaction is the only one that changes the schema.</summary>
    protected abstract string LockSchema { get; }

    protected abstract Task<DbConnection> Open();

    /// <summary>For a change of the schema, which on a large table takes as long as it takes.</summary>
    protected abstract Task<DbConnection> OpenPatient();

    /// <summary>Runs in a transaction, which is committed or undone as the act says and undone when it throws.</summary>
    /// <param name="level">Snapshot, ReadCommitted or Serializable.</param>
    /// <param name="act">Takes what commands must carry: null where a connection knows its transaction by itself.</param>
    protected abstract Task<T> Transact<T>(DbConnection connection, Level level, Func<DbTransaction?, Task<(T Result, bool Stays)>> act);

    /// <summary>How often a unit may run in all that failed only because another came between; 1 for any other fault.</summary>
    protected abstract int MostAttempts(DbException fault);

    /// <summary>Did others keep coming between?</summary>
    protected abstract bool IsConflict(DbException fault);

    /// <summary>What is wrong with the server, in an operator's words; null for a fault of the statement.</summary>
    protected abstract Exception? Explain(DbException fault);

    /// <summary>The server cannot be reached, in an operator's words: for a fault that the driver does not explain.</summary>
    protected abstract DatabaseUnavailableException Unreachable(Exception fault);

    protected abstract ValueTask Close();

    /// <summary>
    /// Whatever keeps a connection from being opened is an unavailable database: drivers also throw what is no fault of a
    /// database (<see cref="InvalidOperationException"/>, <see cref="TimeoutException"/>), and one that waits for a server that
    /// has accepted and says nothing, or for its turn in a pool of such, must not keep anybody longer than a person waits.
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
            // What comes after all is given back.
            if (!opening.IsCompleted) _ = opening.ContinueWith(static late => late.Result.Dispose(), TaskContinuationOptions.OnlyOnRanToCompletion);
            throw (fault is DbException known ? Explain(known) as DatabaseUnavailableException : null) ?? Unreachable(fault);
        }
    }

    // One snapshot for all statements; nothing is written, so nothing can come between. Only a change of the schema, which
    // takes hold of tables one by one as a read does, may make it begin anew.
    internal override Task<T> Read<T>(Func<Db, Task<T>> work) => Again(_ => InPlace(connection => Transact(connection, Level.Snapshot, async transaction =>
        (await work(new Db(connection, transaction, Dialect)), false))));

    internal override async Task<T> Write<T>(Func<Db, Task<T>> work, Isolation isolation, Func<Db, Task>? first)
    {
        if (isolation is Isolation.Guarded) return await Again(_ => InPlace(connection => Guarded(connection, first, work)));
        var site = work.Method;
        while (true)
        {
            try
            {
                return await Again(attempt => takers.ContainsKey(site) || (attempt > 1 && TakesTurnAgain)
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

    internal override Task<TResult> WriteBatched<TItem, TResult>(BatchedWrite<TItem, TResult> kind, TItem item)
    {
        var batch = batches.GetOrAdd(kind, _ => new(() => new BatchCommit<TItem, TResult>(
            // Past the places of all others: the way of the answers is never blocked by reports.
            items => OnConnection(Open, connection => AtOnce(connection, db => kind.AtOnce(db, items))),
            one => Write(db => kind.Alone(db, one), Isolation.Guarded, first: null))));
        return ((BatchCommit<TItem, TResult>)batch.Value).Enqueue(item);
    }

    internal override Task<T> ChangeSchema<T>(Func<Db, Task<T>> work) =>
        Again(_ => OnConnection(OpenPatient, connection => Guarded(connection, db => db.Execute(LockSchema), work)));

    public override async ValueTask DisposeAsync()
    {
        foreach (var batch in batches.Values) await batch.Value.DisposeAsync();
        await Close();
        places.Dispose();
        turns.Dispose();
    }

    private Task<T> Serial<T>(DbConnection connection, Func<Db, Task>? first, Func<Db, Task<T>> work, bool takesTurn) =>
        Transact(connection, Level.Serializable, async transaction =>
        {
            var db = new Db(connection, transaction, Dialect, takeTurn: takesTurn ? null : () => throw new TurnException());
            if (takesTurn) await db.Execute(LockTurn);
            return await Run(db, first, work);
        });

    /// <summary>Runs what <see cref="BatchedWrite{TItem, TResult}.AtOnce"/> sends in one piece; ends when it is committed.</summary>
    protected virtual Task<T> AtOnce<T>(DbConnection connection, Func<Db, Task<T>> send) => Guarded(connection, first: null, send);

    /// <summary>Here every statement sees what is committed by then, so the turn may be taken when it is needed.</summary>
    private Task<T> Guarded<T>(DbConnection connection, Func<Db, Task>? first, Func<Db, Task<T>> work) =>
        Transact(connection, Level.ReadCommitted, transaction =>
        {
            Db? db = null;
            db = new Db(connection, transaction, Dialect, takeTurn: () => db!.Execute(LockTurn));
            return Run(db, first, work);
        });

    private static async Task<(T Result, bool Stays)> Run<T>(Db db, Func<Db, Task>? first, Func<Db, Task<T>> work)
    {
        if (first is not null) await first(db);
        var result = await work(db);
        return (result, result is not IRefusable { Refusal: not null });
    }

    /// <summary>As often as it failed only because another came between; whoever always fails so is told to come again.</summary>
    /// <param name="run">Takes the number of the attempt, from 1.</param>
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
        // The driver's word for a connection that the server has left.
        catch (Exception fault) when (fault is InvalidOperationException or TimeoutException or IOException && connection.State is not ConnectionState.Open)
        {
            throw Unreachable(fault);
        }
    }

    /// <summary>The work has come to where it needs its turn, too late to take it.</summary>
    private sealed class TurnException : Exception;
}
