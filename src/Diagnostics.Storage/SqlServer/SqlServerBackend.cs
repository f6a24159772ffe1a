using System.Data.Common;
using Dapper;
using Diagnostics.Storage.Servers;
using Microsoft.Data.SqlClient;
using Level = System.Data.IsolationLevel;

namespace Diagnostics.Storage.SqlServer;

/// <summary>
/// SQL Server: readers see a snapshot and lock nothing. A serialisable unit locks what it has read, including the
/// ranges between rows. When two units would wait for each other for ever, the server ends one (1205), which runs
/// again.
/// </summary>
/// <remarks>
/// Our own statements begin and end transactions. The driver's own methods would block a thread meanwhile, and a
/// thousand simultaneous commits would leave no thread for anything else. A transaction begun by a statement belongs to
/// the connection, so commands carry none.
/// </remarks>
internal sealed class SqlServerBackend : ServerBackend
{
    // The server and its pool decide the state in which a connection arrives, so the start of every transaction sets
    // everything that matters. Row counts show that a guarded transition happened; a taken key must not end the
    // transaction; nobody waits for a lock longer than a person would. When two transactions wait for each other, the
    // victim is never a save, nor a person's start or finish, but a serialisable unit; and of two such units the one
    // with the turn continues.
    private const string Begin = "SET NOCOUNT OFF; SET XACT_ABORT OFF; SET LOCK_TIMEOUT 20000; ";
    internal const string BeginSnapshot =
        Begin + "SET DEADLOCK_PRIORITY NORMAL; SET TRANSACTION ISOLATION LEVEL SNAPSHOT; BEGIN TRANSACTION;";
    internal const string BeginGuarded =
        Begin + "SET DEADLOCK_PRIORITY HIGH; SET TRANSACTION ISOLATION LEVEL READ COMMITTED; BEGIN TRANSACTION;";
    internal const string BeginSerial =
        Begin + "SET DEADLOCK_PRIORITY LOW; SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; BEGIN TRANSACTION;";

    // The commit is on disk before it returns, even where the database allows commits to wait in memory
    // (docs/promises.md, G1).
    internal const string Commit = "COMMIT TRANSACTION WITH (DELAYED_DURABILITY = OFF);";
    internal const string Undo = "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;";

    /// <summary>The required options of the database; one row.</summary>
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

    internal SqlServerBackend(string connectionString)
        : this(SqlServerSettings.Of(connectionString)) { }

    private SqlServerBackend(SqlConnectionStringBuilder settings)
        : base(settings.MaxPoolSize, settings.ConnectTimeout) => (this.settings, connectionString) = (settings, settings.ConnectionString);

    internal override SqlDialect Dialect => SqlServerDialect.Instance;

    protected override string LockTurn => LockOfTurn;

    protected override string LockSchema => LockOfSchema;

    // Two units that both read the same empty range and then write into it wait for each other, and at first the server
    // looks for such pairs only every few seconds. One such wait is enough: the second run takes the turn and goes
    // before all others of its kind.
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

    protected override async Task<T> Transact<T>(
        DbConnection connection,
        Level level,
        Func<DbTransaction?, Task<(T Result, bool Stays)>> act
    )
    {
        try
        {
            await Run(
                connection,
                level switch
                {
                    Level.Snapshot => BeginSnapshot,
                    Level.ReadCommitted => BeginGuarded,
                    _ => BeginSerial,
                }
            );
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

    /// <summary>
    /// Sets the options first: a transaction cannot set them, and the promises of every other transaction rest on them.
    /// </summary>
    internal override async Task<T> ChangeSchema<T>(Func<Db, Task<T>> work)
    {
        await SetOptions();
        return await base.ChangeSchema(work);
    }

    /// <summary>
    /// Statements that give the database the options that the service needs; none when it has them. The options are
    /// snapshots for readers; row versions, so that a guarded unit's statement sees committed data and waits for no
    /// reader; commits that are on disk; and OPENJSON.
    /// </summary>
    internal static IReadOnlyList<string> Missing(DatabaseOptions options, string database)
    {
        var name = $"[{database.Replace("]", "]]", StringComparison.Ordinal)}]";
        List<string> lacking = [];
        if (options.SnapshotIsolationState != 1)
            lacking.Add($"ALTER DATABASE {name} SET ALLOW_SNAPSHOT_ISOLATION ON;");
        if (!options.IsReadCommittedSnapshotOn)
            lacking.Add($"ALTER DATABASE {name} SET READ_COMMITTED_SNAPSHOT ON WITH NO_WAIT;");
        if (options.DelayedDurability == DatabaseOptions.ForcedDelay)
            lacking.Add($"ALTER DATABASE {name} SET DELAYED_DURABILITY = DISABLED;");
        if (options.CompatibilityLevel < DatabaseOptions.OldestCompatible)
            lacking.Add($"ALTER DATABASE {name} SET COMPATIBILITY_LEVEL = {DatabaseOptions.OldestCompatible};");
        return lacking;
    }

    private async Task<IReadOnlyList<string>> Lacking(DbConnection connection) =>
        Missing(await connection.QuerySingleAsync<DatabaseOptions>(ReadOptions), settings.InitialCatalog);

    /// <summary>
    /// Sets the options from outside the database, because any open connection to it, even in an idle pool, prevents
    /// the change. When several processes do this at the same time, each sees what the others have done.
    /// </summary>
    private async Task SetOptions()
    {
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                IReadOnlyList<string> lacking;
                await using (var inside = await OpenUnpooled(settings.InitialCatalog))
                    lacking = await Lacking(inside);
                if (lacking.Count == 0)
                    return;
                if (attempt > PatienceForOthers)
                    throw Unfit("в ней работает кто-то ещё; остановите службы, и пусть администратор сервера выполнит", lacking);
                try
                {
                    await using var outside = await OpenUnpooled("master");
                    foreach (var option in lacking)
                        await Run(outside, option);
                }
                catch (SqlException fault) when (fault.Number == InUse)
                {
                    await Task.Delay(Pause);
                }
                catch (SqlException fault)
                {
                    throw Unfit(
                        $"migrate не может этого сделать ({fault.Message.TrimEnd('.')}); пусть администратор сервера выполнит",
                        lacking,
                        fault
                    );
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

    /// <summary>Returns a connection to the pool without a transaction, or does not return it at all.</summary>
    private static async Task Abandon(SqlConnection connection)
    {
        try
        {
            if (connection.State is System.Data.ConnectionState.Open)
                await Run(connection, Undo);
        }
        catch (Exception fault) when (fault is SqlException or InvalidOperationException)
        {
            SqlConnection.ClearPool(connection);
        }
    }

    /// <summary>
    /// Locks a name until the transaction ends. The wait works under any isolation, and the server includes it in its
    /// search for deadlocks. The server answers with a number, which the script turns into a fault.
    /// </summary>
    private static string LockOf(string what) =>
        $"""
            DECLARE @taken int;
            EXEC @taken = sp_getapplock @Resource = N'diagnostics.{what}', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = 20000;
            IF @taken = -3 THROW {SqlServerFaults.TurnDeadlock}, N'Deadlock of turns.', 1;
            IF @taken < 0 THROW {SqlServerFaults.TurnTimeout}, N'The turn did not come.', 1;
            """;
}

/// <summary>The options of the database as the server describes them.</summary>
internal sealed record DatabaseOptions
{
    internal const int ForcedDelay = 2;

    /// <summary>Compatibility level of SQL Server 2016, the first that reads JSON.</summary>
    internal const int OldestCompatible = 130;

    public int SnapshotIsolationState { get; init; }
    public bool IsReadCommittedSnapshotOn { get; init; }
    public int DelayedDurability { get; init; }
    public int CompatibilityLevel { get; init; }
}
