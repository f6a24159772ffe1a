using Diagnostics.Storage.Servers;
using Npgsql;

namespace Diagnostics.Storage.Postgres;

/// <summary>Settings of every connection to PostgreSQL.</summary>
internal static class PostgresSettings
{
    /// <summary>
    /// The most connections that one process opens. Two nodes fit into the hundred that a server usually allows, with
    /// some left for people.
    /// </summary>
    private const int Connections = 40;
    private const int PreparedStatements = 200;

    /// <summary>Time to open a connection: a server that has not answered by then will not answer.</summary>
    private const int ConnectSeconds = 4;

    /// <summary>Settings that every connection requests, unless the connection string has others.</summary>
    private static readonly (string Name, string Value)[] Asked =
    [
        // An acknowledged write is on disk, even where the server's own setting would let commits wait in memory
        // (docs/promises.md, G1).
        ("synchronous_commit", "on"),
        // The save path relies on this where it names no isolation itself (PostgresBackend.WriteBatched).
        ("default_transaction_isolation", @"read\ committed"),
        // A plan made for an empty table reads the whole table, and a prepared statement would keep that plan through
        // the morning of an exam. So every execution is planned, which takes a tenth of a millisecond.
        ("plan_cache_mode", "force_custom_plan"),
        // A caller that waits for a locked table is told to retry, before a person would give up.
        ("lock_timeout", "10s"),
        // A node that stops in the middle of a unit of work, for a while or for good, keeps its rows locked and its
        // turn no longer than this.
        ("idle_in_transaction_session_timeout", "60s"),
    ];

    /// <summary>The same for the connections of the save path, which run two statements and nothing else.</summary>
    private static readonly (string Name, string Value)[] AskedForSaves =
    [
        // One plan serves batches of every size, because planning takes the server half as long as the batch. Plans
        // that read whole tables are excluded: the server would choose one on the morning of an exam, while the tables
        // are empty.
        ("plan_cache_mode", "force_generic_plan"),
        ("enable_seqscan", "off"),
        .. Asked.Where(setting => setting.Name != "plan_cache_mode"),
    ];

    /// <exception cref="DatabaseUnavailableException">The connection string is invalid.</exception>
    internal static NpgsqlConnectionStringBuilder Of(string connectionString) => Of(connectionString, Asked);

    /// <summary>Settings of the save path's own connections, one for each writer.</summary>
    internal static NpgsqlConnectionStringBuilder OfSaves(string connectionString)
    {
        var settings = Of(connectionString, AskedForSaves);
        settings.MaxPoolSize = BatchCommit.Writers;
        settings.MinPoolSize = 0;
        return settings;
    }

    private static NpgsqlConnectionStringBuilder Of(string connectionString, (string Name, string Value)[] asked)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            var usual = new NpgsqlConnectionStringBuilder();
            if (string.IsNullOrEmpty(settings.Host))
                throw new ArgumentException("нет Host");
            settings.ApplicationName ??= "diagnostics";
            if (settings.MaxPoolSize == usual.MaxPoolSize)
                settings.MaxPoolSize = Connections;
            if (settings.Timeout == usual.Timeout)
                settings.Timeout = ConnectSeconds;
            // There are few statements, run many times: each connection prepares a statement at its second use.
            if (settings.MaxAutoPrepare == usual.MaxAutoPrepare)
                (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages) = (PreparedStatements, 2);
            foreach (var (name, value) in asked)
                if (settings.Options?.Contains(name, StringComparison.Ordinal) is not true)
                    settings.Options = $"{settings.Options} -c {name}={value}".Trim();
            // Session settings never change, so there is nothing to reset between two users of a connection.
            settings.NoResetOnClose = true;
            return settings;
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or OverflowException)
        {
            throw DatabaseFaults.OfConnectionString(fault);
        }
    }
}
