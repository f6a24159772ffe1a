using Diagnostics.Storage;
using NodaTime;
using Npgsql;

namespace Diagnostics.TestKit.Server;

/// <summary>
/// The database for a run: a SQLite file in the run's folder, a PostgreSQL server of the run with every commit flushed,
/// or a given database.
/// </summary>
internal sealed class LoadDatabase : IAsyncDisposable
{
    internal const string Sqlite = "sqlite";
    internal const string Postgres = "postgres";

    private readonly TemporaryFolder folder = new();

    private LoadDatabase(PostgresServer? server, string? connectionString) => (Server, ConnectionString) = (server, connectionString);

    internal string Provider => ConnectionString is null ? Sqlite : Postgres;

    /// <summary>Connection string of PostgreSQL; null on SQLite.</summary>
    internal string? ConnectionString { get; }

    /// <summary>Path of the SQLite file, which does not exist on PostgreSQL.</summary>
    internal string File => folder.File("diagnostics.db");

    /// <summary>Data folder of a single node.</summary>
    internal string Folder => folder.Path;

    /// <summary>The run's own server, which it may stop; null otherwise.</summary>
    internal PostgresServer? Server { get; }

    /// <summary>The settings with which a node uses this database.</summary>
    internal string[] Settings =>
        ConnectionString is null ? [] : ["--Database:Provider=postgres", $"--Database:ConnectionString={ConnectionString}"];

    /// <param name="connectionString">A PostgreSQL database that contains nobody but people of earlier runs, because a
    /// run fills the database it gets.</param>
    internal static async Task<LoadDatabase> Open(string provider, string? connectionString, bool durable = true)
    {
        if (provider == Sqlite)
            return new(null, null);
        var server = connectionString is null ? await PostgresServer.Start(durable) : null;
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

    /// <summary>The run's own connection to the database, beside those of the nodes.</summary>
    internal Database Connect() => ConnectionString is null ? new Database(File) : Database.OnPostgres(ConnectionString);

    public ValueTask DisposeAsync()
    {
        Server?.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Tests keep a hundred databases on one server, so their pools are small; a service alone on its server has its
    /// usual pool.
    /// </summary>
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
        if (
            await database.Read(db =>
                db.Value<bool>("SELECT EXISTS (SELECT 1 FROM people WHERE territory <> @territory)", new { territory = Exam.Territory })
            )
        )
            throw new InvalidOperationException("The database holds people who are not of a load run: name one of the run's own.");
    }
}
