using System.Globalization;
using Diagnostics.Storage;
using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace Diagnostics.TestKit;

/// <summary>Databases for tests, all on one server that starts at the first request.</summary>
public static class PostgresDatabases
{
    private const string Template = "template_migrated";

    private static readonly Lazy<Task<PostgresServer>> Server = new(() => PostgresServer.Start());
    private static readonly SemaphoreSlim Making = new(1);
    private static bool templateMade;
    private static int databases;

    /// <summary>Creates an empty database for one test.</summary>
    /// <returns>Its connection string.</returns>
    public static async Task<string> Create() => await Copy(await Server.Value, "template0");

    /// <summary>Creates a database with the current schema for one test.</summary>
    public static async Task<string> CreateMigrated(Instant now)
    {
        var server = await Server.Value;
        await Making.WaitAsync();
        try
        {
            if (!templateMade)
            {
                await server.Administer($"CREATE DATABASE {Template} TEMPLATE template0");
                await using var database = Database.OnPostgres(server.ConnectionString(Template));
                await Migrator.Migrate(database, now);
                templateMade = true;
            }
        }
        finally
        {
            Making.Release();
        }
        return await Copy(server, Template);
    }

    /// <summary>
    /// Sets the server's clock as one database sees it: a function with the clock's name hides the server's own. Null
    /// means a time after every deadline, so that the node's clock alone decides.
    /// </summary>
    /// <returns>The connection string that sees this clock.</returns>
    public static async Task<string> SetClock(string connectionString, Instant? now)
    {
        var time = now is { } at ? InstantPattern.ExtendedIso.Format(at) : "infinity";
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"""
            CREATE OR REPLACE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT timestamptz '{time}' $$
            """,
            connection
        );
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = "public,pg_catalog" }.ToString();
    }

    public static async Task Drop(string connectionString) =>
        await (await Server.Value).Administer($"DROP DATABASE {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    private static async Task<string> Copy(PostgresServer server, string template)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref databases)}");
        // Databases are created one at a time, because a template must not be copied twice at once.
        await Making.WaitAsync();
        try
        {
            await server.Administer($"CREATE DATABASE {name} TEMPLATE {template}");
        }
        finally
        {
            Making.Release();
        }
        return server.ConnectionString(name);
    }
}
