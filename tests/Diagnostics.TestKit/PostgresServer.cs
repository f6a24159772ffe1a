using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Diagnostics.Storage;
using NodaTime;
using Npgsql;

namespace Diagnostics.TestKit;

/// <summary>
/// A PostgreSQL server of the test run's own, from the binaries of Debian's package, on a free loopback port and in a
/// folder that vanishes with it. It is started when the first test asks for a database, and it ends with this process,
/// however that ends: the shell that holds it reads from a pipe of ours.
/// </summary>
public static class PostgresServer
{
    /// <summary>Set to 1 where the tests on PostgreSQL must run: a missing server is then a failure and no reason to skip.</summary>
    public const string RequiredVariable = "DIAGNOSTICS_REQUIRE_POSTGRES";

    private const string User = "diagnostics";
    private const string Template = "template_migrated";

    // The server refuses to run as root; the package has made a user for it.
    private const string ServersUser = "postgres";

    // Durability is not what these tests are about, and everything else is faster without. The collation is Russian and
    // not the bytes' order, so that whatever sorts or compares by the database's default is found out.
    private const string Script = """
        trap '' INT HUP TERM PIPE
        bin="$1"; port="$2"
        dir=$(mktemp -d /tmp/diagnostics-postgres-XXXXXX) || exit 1
        if "$bin/initdb" -D "$dir/data" -U diagnostics --auth=trust --encoding=UTF8 --locale=C.UTF-8 --locale-provider=icu --icu-locale=ru --no-sync > "$dir/initdb.log" 2>&1; then
            "$bin/postgres" -D "$dir/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c full_page_writes=off \
                -c max_connections=300 -c autovacuum=off -c timezone=UTC > "$dir/server.log" 2>&1 &
            server=$!
            cat > /dev/null
            kill -QUIT "$server"
            wait "$server"
        fi
        tail -n 40 "$dir"/*.log
        rm -rf "$dir"
        """;

    private static readonly string? Binaries = Find();
    private static readonly Lazy<Task<Running>> Server = new(Start);
    private static readonly SemaphoreSlim Making = new(1);
    private static bool templateMade;
    private static int databases;

    /// <summary>Why tests on PostgreSQL cannot run here; null when they can, or must.</summary>
    public static string? Missing { get; } = Environment.GetEnvironmentVariable(RequiredVariable) == "1"
        ? null
        : !OperatingSystem.IsLinux() ? "The private PostgreSQL server is started on Linux only."
        : Binaries is null ? "There is no PostgreSQL server under /usr/lib/postgresql: install the package postgresql."
        : null;

    /// <summary>An empty database of a test's own.</summary>
    /// <returns>Its connection string.</returns>
    public static async Task<string> CreateDatabase()
    {
        var server = await Server.Value;
        return await Create(server, "template0");
    }

    /// <summary>The same with the schema of today.</summary>
    public static async Task<string> CreateMigratedDatabase(Instant now)
    {
        var server = await Server.Value;
        await Making.WaitAsync();
        try
        {
            if (!templateMade)
            {
                await Administer(server, $"CREATE DATABASE {Template} TEMPLATE template0");
                await using var database = Database.OnPostgres(server.ConnectionString(Template));
                await Migrator.Migrate(database, now);
                templateMade = true;
            }
        }
        finally
        {
            Making.Release();
        }
        return await Create(server, Template);
    }

    public static async Task DropDatabase(string connectionString) =>
        await Administer(await Server.Value, $"DROP DATABASE {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    private static async Task<string> Create(Running server, string template)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref databases)}");
        // One at a time: a template must not be copied by two at once.
        await Making.WaitAsync();
        try
        {
            await Administer(server, $"CREATE DATABASE {name} TEMPLATE {template}");
        }
        finally
        {
            Making.Release();
        }
        return server.ConnectionString(name);
    }

    private static async Task Administer(Running server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<Running> Start()
    {
        var port = FreePort();
        var start = new ProcessStartInfo { FileName = "sh", RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = "/" };
        if (Environment.IsPrivilegedProcess)
        {
            start.FileName = "runuser";
            foreach (var argument in (string[])["-u", ServersUser, "--", "sh"]) start.ArgumentList.Add(argument);
        }
        foreach (var argument in (string[])["-c", Script, "sh", Binaries ?? throw new InvalidOperationException("There is no PostgreSQL server under /usr/lib/postgresql."), port.ToString(CultureInfo.InvariantCulture)])
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        // The end of a test process waits for nobody; the shell does the rest by itself.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => process.StandardInput.Close();
        var server = new Running(process, port);
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(60) && !process.HasExited; await Task.Delay(100))
        {
            try
            {
                await Administer(server, "SELECT 1");
                return server;
            }
            catch (NpgsqlException)
            {
                // Not yet.
            }
        }
        process.StandardInput.Close();
        throw new InvalidOperationException($"The PostgreSQL server did not start:\n{await process.StandardOutput.ReadToEndAsync()}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The newest server's; <c>/usr/lib/postgresql/15/bin</c>.</summary>
    private static string? Find() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql")
            .Where(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) && version >= 15 && File.Exists(Path.Combine(folder, "bin", "initdb")))
            .OrderBy(folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
            .Select(folder => Path.Combine(folder, "bin"))
            .LastOrDefault()
        : null;

    /// <param name="Holder">Kept, because the server lives as long as its input is open.</param>
    private sealed record Running(Process Holder, int Port)
    {
        internal string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Username = User,
            Database = database,
            // Connections of a hundred small databases would add up.
            MaxPoolSize = 30,
            ConnectionIdleLifetime = 10,
        }.ToString();
    }
}
