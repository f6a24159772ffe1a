using Diagnostics.Storage;
using Microsoft.Data.SqlClient;
using NodaTime;

namespace Diagnostics.TestKit;

/// <summary>Databases for tests on a SQL Server that somebody else runs; none can be started here.</summary>
public static class SqlServerDatabases
{
    /// <summary>
    /// A connection string with a login that may create databases; the database it names is left alone.
    /// </summary>
    public const string Variable = "DIAGNOSTICS_TEST_SQLSERVER";

    private static readonly string? Server = Environment.GetEnvironmentVariable(Variable);

    /// <summary>Why tests on SQL Server cannot run here; null when they can.</summary>
    public static string? Missing { get; } =
        string.IsNullOrEmpty(Server)
            ? $"There is no SQL Server here: set {Variable} to the connection string of one on which databases may be "
                + "created. Its statements and schema are read with its grammar meanwhile."
            : null;

    /// <summary>Creates an empty database for one test.</summary>
    /// <returns>Its connection string.</returns>
    public static async Task<string> Create()
    {
        var name = $"diagnostics_test_{Guid.NewGuid():N}";
        await Administer($"CREATE DATABASE [{name}]");
        return new SqlConnectionStringBuilder(Server) { InitialCatalog = name, MaxPoolSize = 30 }.ConnectionString;
    }

    /// <summary>Creates a database with the current schema for one test.</summary>
    public static async Task<string> CreateMigrated(Instant now)
    {
        var connectionString = await Create();
        await using var database = Database.OnSqlServer(connectionString);
        await Migrator.Migrate(database, now);
        return connectionString;
    }

    public static async Task Drop(string connectionString)
    {
        var name = new SqlConnectionStringBuilder(connectionString).InitialCatalog;
        await Administer($"ALTER DATABASE [{name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE [{name}]");
    }

    private static async Task Administer(string sql)
    {
        await using var connection = new SqlConnection(
            new SqlConnectionStringBuilder(Server) { InitialCatalog = "master", Pooling = false }.ConnectionString
        );
        await connection.OpenAsync();
        await using var command = new SqlCommand(sql, connection) { CommandTimeout = (int)Wait.AtMost.TotalSeconds };
        await command.ExecuteNonQueryAsync();
    }
}
