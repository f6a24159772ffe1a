using System.Data.Common;
using Dapper;
using Diagnostics.Storage.Servers;
using Microsoft.Data.SqlClient;
using Level = System.Data.IsolationLevel;

namespace Diagnostics.Storage.SqlServer;

/// <summary>
/// SQL Server: readers see a snapshot and lock nothing; a serialisable unit locks what it has read, the ranges between rows
/// too, and of two that would wait for each other for ever the server ends one (1205), which runs again.
/// </summary>
/// <remarks>
/// Transactions are begun and ended by statements of ours: the driver's own do it on a thread that waits, and a thousand
/// commits at once would leave no thread for anything else. A transaction of a statement is nobody's but the connection's, so
/// commands carry none.
/// </remarks>
internal sealed class SqlServerBackend : ServerBackend
{
    // What a connection comes with is the server's affair and its pool's: whatever matters is said again at each beginning.
    // Counts are how a guarded transition tells that it happened; a taken key must not end the transaction; nobody waits for a
    // lock longer than a person would. Of two that wait for each other never a save is the victim, nor a person's start or
    // finish, but a serialisable unit; and of two of these the one that has its turn goes on.
    private const string Begin = "SET NOCOUNT OFF; SET XACT_ABORT OFF; SET LOCK_TIMEOUT 20000; ";
    internal const string BeginSnapshot = Begin + "SET DEADLOCK_PRIORITY NORMAL; SET TRANSACTION ISOLATION LEVEL SNAPSHOT; BEGIN TRANSACTION;";
    internal const string BeginGuarded = Begin + "SET DEADLOCK_PRIORITY HIGH; SET TRANSACTION ISOLATION LEVEL READ COMMITTED; BEGIN TRANSACTION;";
    internal const string BeginSerial = Begin + "SET DEADLOCK_PRIORITY LOW; SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; BEGIN TRANSACTION;";

    // On disk before it returns, even where the database lets commits wait in memory when asked to (docs/promises.md, G1).
    internal const string Commit = "COMMIT TRANSACTION WITH (DELAYED_DURABILITY = OFF);";
    internal const string Undo = "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;";

    /// <summary>What the database must be like; one row.</summary>
    internal const string ReadOptions = """
        SELECT snapshot_isolation_state, is_read_committed_snapshot_on, delayed_durability, compatibility_level FROM sys.databases WHERE name = DB_NAME()
        """;

    private const int InUse = 5070;
    private const int PatienceForOthers = 40;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    internal static readonly string LockOfTurn = LockOf("turn") + "\nSET DEADLOCK_PRIORITY NORMAL;";
    internal static readonly string LockOfSchema = LockOf("schema");

    private readonly SqlConnectionStringBuilder settings;
    private readonly string connectionString;
    private volatile bool fit;

    internal SqlServerBackend(string connectionString) : this(SqlServerSettings.Of(connectionString)) { }

    private SqlServerBackend(SqlConnectionStringBuilder settings) : base(settings.MaxPoolSize, settings.ConnectTimeout) =>
        (this.settings, connectionString) = (settings, settings.ConnectionString);

    internal override SqlDialect Dialect => SqlServerDialect.Instance;

    protected override string LockTurn => LockOfTurn;

    protected override string LockSchema => LockOfSchema;

    // Two units that looked at the same empty place and then write into it wait for each other, and the server looks for such
    // only every few seconds at first. Once is enough: with the turn, the second run goes before all others of its kind.
    protected override bool TakesTurnAgain => true;

    protected override async Task<DbConnection> Open()
    {
        var connection = new SqlConnection(connectionString);
        try
        {
            await connection.OpenAsync();
            if (!fit)
            {
                if (await Lacking(connection) is { Count: > 0 } lacking)
                    throw Unfit("выполните команду migrate, или пусть администратор сервера выполнит", lacking);
                fit = true;
            }
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    protected override Task<DbConnection> OpenPatient() =>
        Opened(new SqlConnectionStringBuilder(connectionString) { CommandTimeout = 0, Pooling = false });

    protected override async Task<T> Transact<T>(DbConnection connection, Level level, Func<DbTransaction?, Task<(T Result, bool Stays)>> act)
    {
        try
        {
            await Run(connection, level switch { Level.Snapshot => BeginSnapshot, Level.ReadCommitted => BeginGuarded, _ => BeginSerial });
            var (result, stays) = await act(null);
            await Run(connection, stays ? Commit : Undo);
            return result;
        }
        catch
        {
            await Abandon((SqlConnection)connection);
            throw;
        }
    }

    protected override int MostAttempts(DbException fault) => fault is SqlException known ? SqlServerFaults.MostAttempts(known.Number) : 1;

    protected override bool IsConflict(DbException fault) => fault is SqlException known && SqlServerFaults.IsConflict(known.Number);

    protected override Exception? Explain(DbException fault) =>
        fault is SqlException known ? SqlServerFaults.Explain(known.Number, known.Class, known, settings) : null;

    protected override DatabaseUnavailableException Unreachable(Exception fault) => SqlServerFaults.Unreachable(fault, settings);

    protected override ValueTask Close()
    {
        using var connection = new SqlConnection(connectionString);
        SqlConnection.ClearPool(connection);
        return ValueTask.CompletedTask;
    }

    /// <summary>The options first: they cannot be set in a transaction, and the promises of every other rest on them.</summary>
    internal override async Task<T> ChangeSchema<T>(Func<Db, Task<T>> work)
    {
        await SetOptions();
        return await base.ChangeSchema(work);
    }

    /// <summary>
    /// Statements that make the database such as the service needs it; none when it is. Snapshots for readers; versions of rows,
    /// so that a guarded unit's statement sees what is committed and waits for no reader; commits that are on disk; OPENJSON.
    /// </summary>
    internal static IReadOnlyList<string> Missing(DatabaseOptions options, string database)
    {
        var name = $"[{database.Replace("]", "]]", StringComparison.Ordinal)}]";
        List<string> lacking = [];
        if (options.SnapshotIsolationState != 1) lacking.Add($"ALTER DATABASE {name} SET ALLOW_SNAPSHOT_ISOLATION ON;");
        if (!options.IsReadCommittedSnapshotOn) lacking.Add($"ALTER DATABASE {name} SET READ_COMMITTED_SNAPSHOT ON WITH NO_WAIT;");
        if (options.DelayedDurability == DatabaseOptions.ForcedDelay) lacking.Add($"ALTER DATABASE {name} SET DELAYED_DURABILITY = DISABLED;");
        if (options.CompatibilityLevel < DatabaseOptions.OldestCompatible)
            lacking.Add($"ALTER DATABASE {name} SET COMPATIBILITY_LEVEL = {DatabaseOptions.OldestCompatible};");
        return lacking;
    }

    private async Task<IReadOnlyList<string>> Lacking(DbConnection connection) =>
        Missing(await connection.QuerySingleAsync<DatabaseOptions>(ReadOptions), settings.InitialCatalog);

    /// <summary>
    /// From outside the database: whoever is in it stands in the way, a pool of idle connections too. Of several processes that
    /// do this at once each sees what the others have done.
    /// </summary>
    private async Task SetOptions()
    {
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                IReadOnlyList<string> lacking;
                await using (var inside = await OpenUnpooled(settings.InitialCatalog)) lacking = await Lacking(inside);
                if (lacking.Count == 0) return;
                if (attempt > PatienceForOthers) throw Unfit("в ней работает кто-то ещё; остановите службы, и пусть администратор сервера выполнит", lacking);
                try
                {
                    await using var outside = await OpenUnpooled("master");
                    foreach (var option in lacking) await Run(outside, option);
                }
                catch (SqlException fault) when (fault.Number == InUse)
                {
                    await Task.Delay(Pause);
                }
                catch (SqlException fault)
                {
                    throw Unfit($"migrate не может этого сделать ({fault.Message.TrimEnd('.')}); пусть администратор сервера выполнит", lacking, fault);
                }
            }
        }
        catch (SqlException fault) when (Explain(fault) is { } explained)
        {
            throw explained;
        }
    }

    private DatabaseUnavailableException Unfit(string remedy, IReadOnlyList<string> lacking, Exception? fault = null) =>
        new($"База данных «{settings.InitialCatalog}» не настроена для службы: {remedy}: {string.Join(" ", lacking)}", fault);

    private ValueTask<DbConnection> OpenUnpooled(string database) =>
        InTime(Opened(new SqlConnectionStringBuilder(connectionString) { InitialCatalog = database, Pooling = false }));

    private static async Task<DbConnection> Opened(SqlConnectionStringBuilder to)
    {
        var connection = new SqlConnection(to.ConnectionString);
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task Run(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A connection goes back to the pool with no transaction on it, or not at all.</summary>
    private static async Task Abandon(SqlConnection connection)
    {
        try
        {
            if (connection.State is System.Data.ConnectionState.Open) await Run(connection, Undo);
        }
        catch (Exception fault) when (fault is SqlException or InvalidOperationException)
        {
            SqlConnection.ClearPool(connection);
        }
    }

    /// <summary>
    /// A lock of a name, which a transaction holds until it ends. It can be waited for in any isolation, and takes part in the
    /// server's search for deadlocks; its answer is a number, of which a fault is made.
    /// </summary>
    private static string LockOf(string what) => $"""
        DECLARE @taken int;
        EXEC @taken = sp_getapplock @Resource = N'diagnostics.{what}', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = 20000;
        IF @taken = -3 THROW {SqlServerFaults.TurnDeadlock}, N'Deadlock of turns.', 1;
        IF @taken < 0 THROW {SqlServerFaults.TurnTimeout}, N'The turn did not come.', 1;
        """;
}

/// <summary>As the server describes its database.</summary>
internal sealed record DatabaseOptions
{
    internal const int ForcedDelay = 2;

    /// <summary>Of SQL Server 2016, the first that reads JSON.</summary>
    internal const int OldestCompatible = 130;

    public int SnapshotIsolationState { get; init; }
    public bool IsReadCommittedSnapshotOn { get; init; }
    public int DelayedDurability { get; init; }
    public int CompatibilityLevel { get; init; }
}
