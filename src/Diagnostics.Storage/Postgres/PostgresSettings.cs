using Npgsql;

namespace Diagnostics.Storage.Postgres;

/// <summary>What every connection to PostgreSQL is like.</summary>
internal static class PostgresSettings
{
    /// <summary>Of one process. Two nodes fit into a server's usual hundred connections, with room for people.</summary>
    private const int Connections = 40;
    private const int PreparedStatements = 200;

    /// <summary>To open a connection: a server that has not answered by then does not.</summary>
    private const int ConnectSeconds = 4;

    /// <summary>What every connection asks of the server, unless the connection string asks for something else.</summary>
    private static readonly (string Name, string Value)[] Asked =
    [
        // What is acknowledged is on disk, even where a server's own setting would let commits wait in memory (docs/promises.md, G1).
        ("synchronous_commit", "on"),
        // What the save path relies on where it names no isolation of its own (PostgresBackend.WriteBatched).
        ("default_transaction_isolation", @"read\ committed"),
        // A plan made for an empty table reads the whole of it, and a prepared statement would keep that plan through the
        // morning of an exam. Making one each time takes a tenth of a millisecond; the save path, where that is much, asks for
        // its own (PostgresSaves).
        ("plan_cache_mode", "force_custom_plan"),
        // Whoever waits for a table that somebody has locked is told to come again, before a person gives up.
        ("lock_timeout", "10s"),
        // A node that stopped in the middle of a work, with its machine or for good, holds rows and the turn no longer than this.
        ("idle_in_transaction_session_timeout", "60s"),
    ];

    /// <exception cref="DatabaseUnavailableException">The connection string does not read.</exception>
    internal static NpgsqlConnectionStringBuilder Of(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            var usual = new NpgsqlConnectionStringBuilder();
            if (string.IsNullOrEmpty(settings.Host)) throw new ArgumentException("нет Host");
            settings.ApplicationName ??= "diagnostics";
            if (settings.MaxPoolSize == usual.MaxPoolSize) settings.MaxPoolSize = Connections;
            if (settings.Timeout == usual.Timeout) settings.Timeout = ConnectSeconds;
            // Few statements, many times: each connection prepares what it meets twice.
            if (settings.MaxAutoPrepare == usual.MaxAutoPrepare) (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages) = (PreparedStatements, 2);
            foreach (var (name, value) in Asked)
                if (settings.Options?.Contains(name, StringComparison.Ordinal) is not true) settings.Options = $"{settings.Options} -c {name}={value}".Trim();
            // Nothing of a session is ever changed, so there is nothing to reset between two users of a connection.
            settings.NoResetOnClose = true;
            return settings;
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or OverflowException)
        {
            throw new DatabaseUnavailableException($"Строка подключения Database:ConnectionString не читается: {fault.Message}", fault);
        }
    }
}
