using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Diagnostics.TestKit;

/// <summary>
/// A PostgreSQL server for the test run, from the binaries of Debian's package, on a free loopback port and in a folder
/// that disappears with it. The server ends when this process ends, in whatever way, because the shell that runs the
/// server reads from our pipe.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    /// <summary>
    /// Set to 1 where the tests on PostgreSQL must run: a missing server is then a failure, not a reason to skip.
    /// </summary>
    public const string RequiredVariable = "DIAGNOSTICS_REQUIRE_POSTGRES";

    private const string Folder = "/usr/lib/postgresql";
    private const string User = "diagnostics";

    // The server refuses to run as root; the package has created a user for it.
    private const string ServersUser = "postgres";

    // Most tests do not depend on commits reaching the disk, and they run faster when commits do not wait for the disk.
    private static readonly string[] Fast = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "autovacuum=off"];

    // States the server's default configuration explicitly: a commit is acknowledged only once it is on the disk.
    private static readonly string[] Durable =
    [
        "-c",
        "fsync=on",
        "-c",
        "full_page_writes=on",
        "-c",
        "synchronous_commit=on",
        "-c",
        "autovacuum=on",
    ];

    // The collation is Russian and not the order of bytes, so that a test fails where a sort or comparison relies on
    // the database's default.
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
        // A test process that ends does not wait for the server, which the shell then stops by itself.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <summary>Why tests on PostgreSQL cannot run here; null when they can or must.</summary>
    public static string? Missing { get; } =
        Environment.GetEnvironmentVariable(RequiredVariable) == "1" ? null
        : !OperatingSystem.IsLinux() ? "The private PostgreSQL server is started on Linux only."
        : Binaries is null ? $"There is no PostgreSQL server under {Folder}: install the package postgresql."
        : null;

    /// <param name="durable">Whether every commit is flushed, as on an exam's server; for measurements and for tests
    /// that kill processes.</param>
    public static async Task<PostgresServer> Start(bool durable = false)
    {
        var port = FreePort();
        var start = new ProcessStartInfo
        {
            FileName = "sh",
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        if (Environment.IsPrivilegedProcess)
        {
            start.FileName = "runuser";
            foreach (var argument in (string[])["-u", ServersUser, "--", "sh"])
                start.ArgumentList.Add(argument);
        }
        foreach (
            var argument in (string[])
                [
                    "-c",
                    Script,
                    "sh",
                    Binaries ?? throw new InvalidOperationException($"There is no PostgreSQL server under {Folder}."),
                    port.ToString(CultureInfo.InvariantCulture),
                    .. durable ? Durable : Fast,
                ]
        )
            start.ArgumentList.Add(argument);
        var server = new PostgresServer(ChildProcess.Start(start), port);
        try
        {
            await server.shell.Until("the PostgreSQL server takes connections", async () => await server.StartedAt() is not null);
            return server;
        }
        catch (Exception fault) when (fault is TimeoutException or InvalidOperationException)
        {
            // When the shell ends, it prints the server's log.
            server.Dispose();
            throw new InvalidOperationException(
                $"The PostgreSQL server did not start. {fault.Message}\nIts log:\n{await server.shell.LastWords()}",
                fault
            );
        }
    }

    /// <summary>
    /// Shuts down immediately, as after a server crash, and starts again. The call does not wait until the server
    /// accepts connections.
    /// </summary>
    public void Restart()
    {
        shell.Input.WriteLine();
        shell.Input.Flush();
    }

    /// <summary>
    /// Restarts, and waits until the new server accepts connections: by then it has repaired its files.
    /// </summary>
    public async Task RestartAndWait()
    {
        var before = await StartedAt();
        Restart();
        await shell.Until("the PostgreSQL server takes connections again", async () => await StartedAt() is { } now && now != before);
    }

    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = User,
            Database = database,
            // Connections to a hundred small databases would add up, so each pool is small.
            MaxPoolSize = 30,
            ConnectionIdleLifetime = 10,
        }.ToString();

    /// <summary>Runs a statement such as CREATE DATABASE outside any pool.</summary>
    public async Task Administer(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = (int)Wait.AtMost.TotalSeconds };
        await command.ExecuteNonQueryAsync();
    }

    /// <returns>When the server started; null when it accepts no connection, because it is down or not up
    /// yet.</returns>
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
            // The shell has already ended.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Binaries of the newest installed server, such as <c>/usr/lib/postgresql/15/bin</c>.</summary>
    private static string? Find() =>
        Directory.Exists(Folder)
            ? Directory
                .EnumerateDirectories(Folder)
                .Where(folder =>
                    int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version)
                    && version >= 15
                    && File.Exists(Path.Combine(folder, "bin", "initdb"))
                )
                .OrderBy(folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
                .Select(folder => Path.Combine(folder, "bin"))
                .LastOrDefault()
            : null;
}
