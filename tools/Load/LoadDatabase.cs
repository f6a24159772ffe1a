using Diagnostics.Storage;
using Diagnostics.TestKit;
using Npgsql;
using NodaTime;

namespace Diagnostics.Load;

/// <summary>
/// The database that a run loads: a SQLite file in a folder of the run's own, a PostgreSQL server of the run's own with
/// every commit flushed, or one that is named.
/// </summary>
internal sealed class LoadDatabase : IAsyncDisposable
{
    internal const string Sqlite = "sqlite";
    internal const string Postgres = "postgres";

    private readonly TemporaryFolder folder = new();
    private readonly string? connectionString;

    private LoadDatabase(PostgresServer? server, string? connectionString) => (Server, this.connectionString) = (server, connectionString);

    internal string Provider => connectionString is null ? Sqlite : Postgres;

    /// <summary>Data folder of a single node.</summary>
    internal string Folder => folder.Path;

    /// <summary>The server of the run's own, which it may stop; null otherwise.</summary>
    internal PostgresServer? Server { get; }

    /// <summary>What a node must be told to work on it.</summary>
    internal string[] Settings => connectionString is null ? [] : ["--Database:Provider=postgres", $"--Database:ConnectionString={connectionString}"];

    /// <param name="connectionString">Of a PostgreSQL database that holds nobody but people of earlier runs: a run fills what it is given.</param>
    internal static async Task<LoadDatabase> Open(string provider, string? connectionString)
    {
        if (provider == Sqlite) return new(null, null);
        var server = connectionString is null ? await PostgresServer.Start(durable: true) : null;
        var opened = new LoadDatabase(server, connectionString ?? OfService(server!.ConnectionString("postgres")));
        try
        {
            await opened.Prepare();
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>A door of the run's own to it, beside those of the nodes.</summary>
    internal Database Connect() => connectionString is null ? new Database(folder.File("diagnostics.db")) : Database.OnPostgres(connectionString);

    /// <summary>The floor of saving on it.</summary>
    internal Task<SingleCommit> ConnectSingle() => SingleCommit.Open(connectionString is null ? folder.File("diagnostics.db") : null, connectionString);

    /// <summary>The server's processes; null on SQLite, and where they are on another machine or not to be seen.</summary>
    internal async Task<PostgresProcesses?> Processes() => connectionString is null ? null : await PostgresProcesses.Find(connectionString);

    public ValueTask DisposeAsync()
    {
        Server?.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Tests share a server among a hundred databases; the service alone on it has its usual pool.</summary>
    private static string OfService(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.Remove("Maximum Pool Size");
        settings.Remove("Connection Idle Lifetime");
        return settings.ToString();
    }

    private async Task Prepare()
    {
        await using var database = Connect();
        await Migrator.Migrate(database, SystemClock.Instance.GetCurrentInstant());
        if (await database.Read(db => db.Value<bool>("SELECT EXISTS (SELECT 1 FROM people WHERE territory <> @territory)", new { territory = Exam.Territory })))
            throw new InvalidOperationException("The database holds people who are not of a load run: name one of the run's own.");
    }
}
