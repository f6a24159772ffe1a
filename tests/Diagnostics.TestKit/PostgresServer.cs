using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Diagnostics.TestKit;

/// <summary>
/// A PostgreSQL server of the test run's own, from the binaries of Debian's package, on a free loopback port and in a
/// folder that vanishes with it. It ends with this process, however that ends: the shell that holds it reads from a pipe
/// of ours.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    /// <summary>Set to 1 where the tests on PostgreSQL must run: a missing server is then a failure and no reason to skip.</summary>
    public const string RequiredVariable = "DIAGNOSTICS_REQUIRE_POSTGRES";

    private const string Folder = "/usr/lib/postgresql";
    private const string User = "diagnostics";

    // The server refuses to run as root; the package has made a user for it.
    private const string ServersUser = "postgres";

    // That a commit reaches the disk is not what most tests are about, and everything else is faster without.
    private static readonly string[] Fast = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "autovacuum=off"];

    // What a server's own configuration says, said once more: nothing acknowledged waits in memory.
    private static readonly string[] Durable = ["-c", "fsync=on", "-c", "full_page_writes=on", "-c", "synchronous_commit=on", "-c", "autovacuum=on"];

    // The collation is Russian and not the bytes' order, so that whatever sorts or compares by the database's default is found out.
    private const string Script = """
        trap '' INT HUP TERM PIPE
        bin="$1"; port="$2"; shift 2
        dir=$(mktemp -d /tmp/diagnostics-postgres-XXXXXX) || exit 1
        start() {
            "$bin/postgres" -D "$dir/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
                -c max_connections=300 -c timezone=UTC "$@" >> "$dir/server.log" 2>&1 &
            server=$!
        }
        if "$bin/initdb" -D "$dir/data" -U diagnostics --auth=trust --encoding=UTF8 --locale=C.UTF-8 --locale-provider=icu --icu-locale=ru --no-sync > "$dir/initdb.log" 2>&1; then
            start "$@"
            while read -r _; do
                kill -QUIT "$server"
                wait "$server"
                start "$@"
            done
            kill -QUIT "$server"
            wait "$server"
        fi
        tail -n 40 "$dir"/*.log 2> /dev/null
        rm -rf "$dir"
        """;

    private static readonly string? Binaries = Find();

    private readonly ChildProcess shell;
    private readonly int port;

    private PostgresServer(ChildProcess shell, int port)
    {
        (this.shell, this.port) = (shell, port);
        // The end of a test process waits for nobody; the shell does the rest by itself.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <summary>Why tests on PostgreSQL cannot run here; null when they can, or must.</summary>
    public static string? Missing { get; } = Environment.GetEnvironmentVariable(RequiredVariable) == "1"
        ? null
        : !OperatingSystem.IsLinux() ? "The private PostgreSQL server is started on Linux only."
        : Binaries is null ? $"There is no PostgreSQL server under {Folder}: install the package postgresql."
        : null;

    /// <param name="durable">With every commit flushed, as a server of an exam runs; for what is measured, and for what is killed.</param>
    public static async Task<PostgresServer> Start(bool durable = false)
    {
        var port = FreePort();
        var start = new ProcessStartInfo { FileName = "sh", RedirectStandardInput = true, WorkingDirectory = "/" };
        if (Environment.IsPrivilegedProcess)
        {
            start.FileName = "runuser";
            foreach (var argument in (string[])["-u", ServersUser, "--", "sh"]) start.ArgumentList.Add(argument);
        }
        foreach (var argument in (string[])["-c", Script, "sh", Binaries ?? throw new InvalidOperationException($"There is no PostgreSQL server under {Folder}."), port.ToString(CultureInfo.InvariantCulture), .. durable ? Durable : Fast])
            start.ArgumentList.Add(argument);
        var server = new PostgresServer(ChildProcess.Start(start), port);
        try
        {
            await server.shell.Until("the PostgreSQL server takes connections", async () => await server.StartedAt() is not null);
            return server;
        }
        catch (Exception fault) when (fault is TimeoutException or InvalidOperationException)
        {
            // The shell shows the server's log when it ends.
            server.Dispose();
            throw new InvalidOperationException($"The PostgreSQL server did not start. {fault.Message}\nIts log:\n{await server.shell.LastWords()}", fault);
        }
    }

    /// <summary>Immediate shutdown, as after a crash of the server, and a new start; does not wait for it.</summary>
    public void Restart()
    {
        shell.Input.WriteLine();
        shell.Input.Flush();
    }

    /// <summary>The same, and waits until the new server takes connections: it has mended its files by then.</summary>
    public async Task RestartAndWait()
    {
        var before = await StartedAt();
        Restart();
        await shell.Until("the PostgreSQL server takes connections again", async () => await StartedAt() is { } now && now != before);
    }

    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Username = User,
        Database = database,
        // Connections of a hundred small databases would add up.
        MaxPoolSize = 30,
        ConnectionIdleLifetime = 10,
    }.ToString();

    /// <summary>Runs a statement past every pool, such as CREATE DATABASE.</summary>
    public async Task Administer(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = (int)Wait.AtMost.TotalSeconds };
        await command.ExecuteNonQueryAsync();
    }

    /// <returns>Null when it takes no connection: it is down, or not up yet.</returns>
    private async Task<DateTime?> StartedAt()
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("SELECT pg_postmaster_start_time()", connection);
            return (DateTime)(await command.ExecuteScalarAsync())!;
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        try
        {
            shell.Input.Close();
        }
        catch (IOException)
        {
            // The shell is gone already.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The newest server's; <c>/usr/lib/postgresql/15/bin</c>.</summary>
    private static string? Find() => Directory.Exists(Folder)
        ? Directory.EnumerateDirectories(Folder)
            .Where(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) && version >= 15 && File.Exists(Path.Combine(folder, "bin", "initdb")))
            .OrderBy(folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
            .Select(folder => Path.Combine(folder, "bin"))
            .LastOrDefault()
        : null;
}
