using System.Runtime.ExceptionServices;
using Diagnostics.Engine;
using Diagnostics.Storage.Sqlite.LogGathering;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Diagnostics.Storage.Sqlite;

/// <summary>
/// One thread writes for everybody. It takes all waiting work, runs it in one transaction with a savepoint for each
/// unit (a single statement needs none), commits once, and only then answers each caller. While a commit is being
/// flushed the next batch gathers, so throughput rises with load and nobody waits for a timer.
/// </summary>
/// <remarks>
/// SQLite has only one writer at a time anyway; if several connections competed for the file, they would back off for
/// seconds. If the commit fails, every unit of the batch fails with it: no caller gets a success for a save that was
/// lost.
/// </remarks>
internal sealed class GroupCommit : IAsyncDisposable
{
    private const int QueueLimit = 8192;

    // Small enough that other requests can be read and answered while a batch is being written and flushed. A batch of
    // all waiting callers would make them wait in step, and leave the other cores idle.
    private const int BatchLimit = 64;

    private readonly UnitQueue queue = new();
    private readonly Func<SqliteConnection> open;
    private readonly bool gatherLog;
    private readonly Action<long, int> committed;
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="open">Opens a connection that writes.</param>
    /// <param name="gatherLog">Whether the log is written in long pieces (<see cref="LogGatherer"/>).</param>
    /// <param name="committed">Learns when a batch began and how many works it had.</param>
    internal GroupCommit(Func<SqliteConnection> open, bool gatherLog = true, Action<long, int>? committed = null)
    {
        this.open = open;
        this.committed = committed ?? ((_, _) => { });
        this.gatherLog = gatherLog;
        new Thread(Run) { IsBackground = true, Name = "database writer" }.Start();
    }

    internal int QueueLength => queue.Count;

    internal Task<T> Enqueue<T>(Func<Db, Task<T>> work, bool isolated)
    {
        var unit = new Unit<T>(work, isolated);
        return queue.TryAdd(unit) ? unit.Answer : throw new DatabaseBusyException();
    }

    public async ValueTask DisposeAsync()
    {
        queue.Close();
        await stopped.Task;
    }

    private void Run()
    {
        WriterConnection? writer = null;
        using var log = new LogCopier(open);
        while (queue.Take() is { } batch)
        {
            try
            {
                var begun = StorageMeters.Begin();
                writer ??= new WriterConnection(open(), gatherLog);
                writer.Commit(batch);
                committed(begun, batch.Length);
                BatchCompletion.OnAllCores(batch, static unit => unit.Complete());
                writer.CopyLog(log);
            }
            catch (Exception fault)
            {
                // The transaction ends with its connection; the next batch starts on a new connection.
                var why = writer is null ? fault : writer.Explain(fault);
                BatchCompletion.OnAllCores(batch, unit => unit.Fail(why));
                writer?.Dispose();
                writer = null;
            }
        }
        writer?.Dispose();
        stopped.SetResult();
    }

    /// <summary>
    /// The units that wait for the writer. Adding never blocks; the writer takes all of them together.
    /// </summary>
    private sealed class UnitQueue
    {
        // A plain object and not a Lock, because the writer waits on it with Monitor.
        private readonly object gate = new();
        private readonly Queue<Unit> waiting = new();
        private bool closed;

        internal int Count
        {
            get
            {
                lock (gate)
                    return waiting.Count;
            }
        }

        /// <summary>Returns false when the queue is full or closed.</summary>
        internal bool TryAdd(Unit unit)
        {
            lock (gate)
            {
                if (closed || waiting.Count >= QueueLimit)
                    return false;
                waiting.Enqueue(unit);
                if (waiting.Count == 1)
                    Monitor.Pulse(gate);
                return true;
            }
        }

        internal void Close()
        {
            lock (gate)
            {
                closed = true;
                Monitor.Pulse(gate);
            }
        }

        /// <summary>Waits for work; null when the queue is closed and empty.</summary>
        internal Unit[]? Take()
        {
            lock (gate)
            {
                while (waiting.Count == 0 && !closed)
                    Monitor.Wait(gate);
                if (waiting.Count == 0)
                    return null;
                var taken = new Unit[Math.Min(waiting.Count, BatchLimit)];
                for (var place = 0; place < taken.Length; place++)
                    taken[place] = waiting.Dequeue();
                return taken;
            }
        }
    }

    private sealed class WriterConnection(SqliteConnection connection, bool gatherLog) : IDisposable
    {
        private readonly StatementCache statements = new(connection);
        private bool gathers = !gatherLog;

        internal void Commit(Unit[] batch)
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            if (!gathers)
                LogGatherer.Attach(connection);
            gathers = true;
            statements.Transaction = transaction;
            var db = new Db(connection, transaction, SqliteDialect.Instance, statements);
            foreach (var unit in batch)
            {
                if (unit.Isolated)
                    RunIsolated(unit, db, transaction);
                else
                    RunStatement(unit, db);
            }
            transaction.Commit();
        }

        internal void CopyLog(LogCopier log) => log.AfterCommit(connection);

        private void RunIsolated(Unit unit, Db db, SqliteTransaction transaction)
        {
            transaction.Save("unit");
            Run(unit, db);
            if (!unit.Stays)
                transaction.Rollback("unit");
            transaction.Release("unit");
        }

        /// <summary>
        /// Runs a single statement. SQLite itself undoes a failed statement, so its neighbours stay as they are. If a
        /// unit turns out to have several statements and fails after some of them, its partial changes could not be
        /// told apart from its neighbours' changes; so the whole batch then fails, and no half of a unit remains.
        /// </summary>
        private void RunStatement(Unit unit, Db db)
        {
            var changes = raw.sqlite3_total_changes(connection.Handle);
            Run(unit, db);
            if (!unit.Stays && raw.sqlite3_total_changes(connection.Handle) != changes)
                throw new InvalidOperationException(
                    "Work of a single statement failed after it had changed something; it needs a savepoint.",
                    unit.Fault
                );
        }

        private void Run(Unit unit, Db db)
        {
            unit.Run(db);
            if (unit.Fault is null)
                return;
            unit.Fault = Explain(unit.Fault);
            // On a full or failing disk SQLite rolls the whole transaction back, and later statements would commit one
            // by one. So the batch fails, with the fault that gives the reason.
            if (raw.sqlite3_get_autocommit(connection.Handle) != 0)
                ExceptionDispatchInfo.Throw(unit.Fault);
        }

        internal Exception Explain(Exception fault) => SqliteConnections.Explain(fault, connection.DataSource);

        public void Dispose()
        {
            statements.Dispose();
            connection.Dispose();
        }
    }

    private abstract class Unit(bool isolated)
    {
        internal bool Isolated { get; } = isolated;

        internal Exception? Fault { get; set; }

        /// <summary>Whether the unit's changes must be committed, because it neither failed nor was refused.</summary>
        internal abstract bool Stays { get; }

        internal abstract void Run(Db db);

        internal abstract void Complete();

        internal abstract void Fail(Exception fault);
    }

    private sealed class Unit<T>(Func<Db, Task<T>> work, bool isolated) : Unit(isolated)
    {
        // The continuation of a single statement is short and runs on the thread that answers the batch; any other
        // continuation gets its own thread.
        private readonly TaskCompletionSource<T> answer = new(
            isolated ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None
        );
        private T? result;

        internal Task<T> Answer => answer.Task;

        internal override bool Stays => Fault is null && result is not IRefusable { Refusal: not null };

        internal override void Run(Db db)
        {
            try
            {
                // SQLite's driver never yields, so the task has already ended here.
                result = work(db).GetAwaiter().GetResult();
            }
            catch (Exception caught)
            {
                Fault = caught;
            }
        }

        internal override void Complete()
        {
            if (Fault is not null)
                answer.SetException(Fault);
            else
                answer.SetResult(result!);
        }

        internal override void Fail(Exception cause) => answer.TrySetException(cause);
    }
}
