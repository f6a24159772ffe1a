using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Diagnostics.Storage.Sessions;
using Npgsql;

namespace Diagnostics.Storage.Dialects;

/// <summary>What is PostgreSQL's own: the connections, its words, its faults.</summary>
internal static partial class Postgres
{
    /// <summary>Of one process. Two nodes fit into a server's usual hundred connections, with room for people.</summary>
    private const int Connections = 40;
    private const int PreparedStatements = 200;

    /// <summary>What every connection asks of the server, unless the connection string asks for something else.</summary>
    private static readonly (string Name, string Value)[] Asked =
    [
        // What is acknowledged is on disk, even where a server's own setting would let commits wait in memory (G1).
        ("synchronous_commit", "on"),
        // What the save path relies on where it names no isolation of its own (PostgresBackend.WriteTogether).
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

    internal static readonly SqlDialect Dialect = new Words();

    /// <exception cref="DatabaseUnavailableException">The connection string does not read.</exception>
    internal static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            var usual = new NpgsqlConnectionStringBuilder();
            if (string.IsNullOrEmpty(settings.Host)) throw new ArgumentException("нет Host");
            settings.ApplicationName ??= "diagnostics";
            if (settings.MaxPoolSize == usual.MaxPoolSize) settings.MaxPoolSize = Connections;
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

    /// <summary>
    /// How often a unit may run in all that failed only because another came between: a broken serialisation, a deadlock, or
    /// a key that another has just taken, which the next run sees (PostgreSQL's manual, 13.5). A key that is taken for good
    /// stays so.
    /// </summary>
    internal static int MostAttempts(PostgresException fault) => fault.SqlState switch
    {
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected => 12,
        PostgresErrorCodes.UniqueViolation => 3,
        _ => 1,
    };

    /// <summary>What is wrong with the server, in an operator's words; null for a fault of the statement.</summary>
    internal static Exception? Explain(NpgsqlException fault, NpgsqlConnectionStringBuilder settings)
    {
        return fault switch
        {
            PostgresException { SqlState: PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable } => new DatabaseBusyException(fault),
            PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter } => new UnstorableTextException(fault),
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } => Unavailable("не принимает имя или пароль"),
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => Unavailable($"не знает базы данных «{settings.Database}»: создайте её"),
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => Unavailable("не даёт службе нужных прав"),
            PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => Unavailable("доступен только для чтения: укажите ведущий сервер"),
            PostgresException { SqlState: PostgresErrorCodes.DiskFull } => Unavailable("не может писать: на диске нет места"),
            PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => Unavailable("не даёт больше подключений: уменьшите Maximum Pool Size или увеличьте max_connections"),
            // Connection faults, lack of resources, an operator's stop, faults of the system and of the files.
            PostgresException { SqlState: ['0', '8', ..] or ['5', '3' or '7' or '8', ..] or ['X', 'X', ..] } => Unavailable("не работает"),
            PostgresException => null,
            { InnerException: TimeoutException } => new DatabaseBusyException(fault),
            _ => Unavailable("не отвечает"),
        };

        DatabaseUnavailableException Unavailable(string trouble) => new($"Сервер PostgreSQL {settings.Host}:{settings.Port} {trouble} ({fault.Message.TrimEnd('.')}).", fault);
    }

    /// <summary>
    /// The driver passes a list as one array, which <c>IN</c> does not take. Damage of the files is looked for with the server's
    /// own tools: checksums of its pages and pg_amcheck.
    /// </summary>
    private sealed partial class Words : SqlDialect
    {
        private readonly ConcurrentDictionary<string, string> known = new(StringComparer.Ordinal);

        internal override string Name => "postgres";

        internal override string InstantType => "timestamptz";

        internal override string Clock => "clock_timestamp()";

        internal override string CountTables => "SELECT COUNT(*) FROM pg_catalog.pg_class WHERE oid = to_regclass(@name)";

        // No key is ever changed, so rows that refer to the held one may still be added.
        internal override string Holding(string select) => $"{select} FOR NO KEY UPDATE";

        internal override Task<SaveOutcome?[]> Save(Db db, IReadOnlyList<ResponseToSave> saves) => PostgresSaves.Save(db, saves);

        /// <summary>
        /// The server holds its references itself, unless somebody switched its triggers off, as a restore of data alone
        /// does. Every reference is asked with the server's own description of it; a reference with a missing part holds.
        /// </summary>
        internal override async Task<IReadOnlyList<string>> FindOrphans(Db db)
        {
            var questions = await db.Query<string>("""
                SELECT format('SELECT %L || COUNT(*) FROM %s AS c WHERE %s AND NOT EXISTS (SELECT 1 FROM %s AS p WHERE %s) HAVING COUNT(*) > 0',
                              k.conrelid::regclass || ' → ' || k.confrelid::regclass || ': ', k.conrelid::regclass,
                              string_agg(format('c.%I IS NOT NULL', a.attname), ' AND '), k.confrelid::regclass,
                              string_agg(format('p.%I = c.%I', b.attname, a.attname), ' AND '))
                FROM pg_constraint AS k
                CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS pair (own, theirs)
                JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = pair.own
                JOIN pg_attribute AS b ON b.attrelid = k.confrelid AND b.attnum = pair.theirs
                WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace
                GROUP BY k.oid, k.conrelid, k.confrelid ORDER BY k.oid
                """);
            List<string> orphans = [];
            foreach (var question in questions) orphans.AddRange(await db.Query<string>(question));
            return orphans;
        }

        internal override string Of(string sql) => sql.Contains(" IN @", StringComparison.Ordinal)
            ? known.GetOrAdd(sql, static text => InList().Replace(NotInList().Replace(text, "<> ALL(@$1)"), "= ANY(@$1)"))
            : sql;

        [GeneratedRegex(@"\bNOT IN @(\w+)")]
        private static partial Regex NotInList();

        [GeneratedRegex(@"\bIN @(\w+)")]
        private static partial Regex InList();
    }
}
