using System.Collections.Concurrent;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using Diagnostics.Storage.Sessions;
using Microsoft.Data.SqlClient;

namespace Diagnostics.Storage.Dialects;

/// <summary>What is SQL Server's own: the connections, its words, its faults.</summary>
internal static partial class SqlServer
{
    /// <summary>Of one process, as on PostgreSQL: a server's worker threads are few too.</summary>
    private const int Connections = 40;

    // The driver's own numbers.
    internal const int Timeout = -2;
    internal const int NoAnswer = 10060;
    private const int NoEncryption = 20;

    private const int Deadlock = 1205;
    private const int LockTimeout = 1222;

    // Of our own waiting for a turn, which the server only answers with a number.
    internal const int TurnDeadlock = 51205;
    internal const int TurnTimeout = 51222;

    internal static readonly SqlDialect Dialect = new Words();

    /// <summary>An id as it is stored: in the order in which ids are written and made.</summary>
    internal static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);

    internal static Guid IdOf(byte[] bytes) => new(bytes, bigEndian: true);

    /// <exception cref="DatabaseUnavailableException">The connection string does not read.</exception>
    internal static SqlConnectionStringBuilder Settings(string connectionString)
    {
        try
        {
            var settings = new SqlConnectionStringBuilder(connectionString);
            if (string.IsNullOrEmpty(settings.DataSource)) throw new ArgumentException("нет Server");
            if (string.IsNullOrEmpty(settings.InitialCatalog)) throw new ArgumentException("нет Database");
            if (!settings.ShouldSerialize("Application Name")) settings.ApplicationName = "diagnostics";
            if (!settings.ShouldSerialize("Max Pool Size")) settings.MaxPoolSize = Connections;
            // After a restart of the server the driver would refuse to try again for up to a minute.
            settings.PoolBlockingPeriod = PoolBlockingPeriod.NeverBlock;
            // A connection that is lost inside a transaction is a fault, and must never quietly become another one outside of it.
            settings.ConnectRetryCount = 0;
            settings.Enlist = false;
            return settings;
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or OverflowException)
        {
            throw new DatabaseUnavailableException($"Строка подключения Database:ConnectionString не читается: {fault.Message}", fault);
        }
    }

    /// <summary>
    /// How often a unit may run in all that failed only because another came between: a deadlock, or a key that another has
    /// just taken, which the next run sees. A key that is taken for good stays so.
    /// </summary>
    internal static int MostAttempts(int fault) => fault switch
    {
        Deadlock or TurnDeadlock => 12,
        2601 or 2627 => 3,
        _ => 1,
    };

    internal static bool IsConflict(int fault) => fault is Deadlock or TurnDeadlock;

    /// <summary>What is wrong with the server, in an operator's words; null for a fault of the statement.</summary>
    /// <param name="number">The server's number of the fault; the driver's own of a connection.</param>
    /// <param name="severity">From 20 on the connection is lost.</param>
    internal static Exception? Explain(int number, int severity, Exception fault, SqlConnectionStringBuilder settings)
    {
        return number switch
        {
            // A statement, a lock, a grant of memory that was waited for too long; a service of the cloud that asks for patience;
            // a snapshot older than a change of the schema.
            Timeout or LockTimeout or TurnTimeout or 8645 or 8651 or 40501 or 49918 or 49919 or 49920 or 3961 => new DatabaseBusyException(fault),
            // Only what is part of a key or an index has a length.
            2628 or 8152 or 1946 => new UnstorableTextException(fault),
            // Connections are encrypted unless the string says otherwise, and a server that nobody set up shows a certificate of its own making.
            _ when fault.GetBaseException() is AuthenticationException => Unavailable(
                "показывает сертификат, которому здесь не доверяют: поставьте доверенный, а в своей закрытой сети допишите в строку подключения TrustServerCertificate=true"),
            NoEncryption when severity >= 20 => Unavailable("не шифрует соединение, а строка подключения этого требует (Encrypt, если не сказано иного, — true)"),
            18456 or 18452 or 18486 or 18487 or 18488 => Unavailable("не принимает имя или пароль"),
            4060 => Unavailable($"не знает базы данных «{settings.InitialCatalog}» или не пускает в неё: создайте её и дайте права"),
            916 or 229 or 230 or 262 or 297 or 300 => Unavailable("не даёт службе нужных прав"),
            3906 or 978 => Unavailable("доступен только для чтения: укажите ведущий сервер"),
            1105 or 9002 or 1101 or 5149 => Unavailable("не может писать: на диске или в журнале нет места"),
            3952 => Unavailable($"не делает снимков базы данных «{settings.InitialCatalog}»: выполните команду migrate"),
            10928 or 10929 or 10936 or 17809 => Unavailable("не даёт больше подключений: уменьшите Max Pool Size или увеличьте предел сервера"),
            // A database that is being recovered, restored, moved or shut, lack of memory, faults of the files.
            40613 or 40197 or 40143 or 40540 or 701 or 802 or 823 or 824 or 825 or 596 or 921 or 922 or 924 or 926 or 927 or 942 or 952 or 983 or 6002 or 6005 => Unavailable("не работает"),
            53 or 64 or 121 or 233 or 10053 or 10054 or NoAnswer or 10061 or 11001 => Unavailable("не отвечает"),
            _ when severity >= 20 => Unavailable("не отвечает"),
            _ => null,
        };

        DatabaseUnavailableException Unavailable(string trouble) => new($"Сервер SQL Server {settings.DataSource} {trouble} ({fault.Message.TrimEnd('.')}).", fault);
    }

    /// <summary>
    /// No LIMIT, no ON CONFLICT, no words for the values of a bit, and ids that are bytes. Damage of the files is looked for with
    /// the server's own DBCC CHECKDB.
    /// </summary>
    private sealed partial class Words : SqlDialect
    {
        private readonly ConcurrentDictionary<string, string> known = new(StringComparer.Ordinal);

        internal override string Name => "sqlserver";

        internal override string NameType => "nvarchar(200) COLLATE Latin1_General_100_BIN2";

        internal override string InstantType => "datetime2(6)";

        internal override string Clock => "SYSUTCDATETIME()";

        internal override string CountTables => "SELECT COUNT(*) FROM sys.tables WHERE name = @name AND schema_id = SCHEMA_ID()";

        // An update lock lets readers and new rows that refer to the held one pass; whoever wants to change it, or holds it
        // too, waits. Readers of a snapshot never wait.
        internal override string Holding(string select) =>
            select.IndexOf(" WHERE ", StringComparison.Ordinal) is > 0 and var at ? select.Insert(at, " WITH (UPDLOCK, ROWLOCK)") : throw new ArgumentException("A row is held by its key.", nameof(select));

        internal override Task<SaveOutcome?[]> Save(Db db, IReadOnlyList<ResponseToSave> saves) => SqlServerSaves.Save(db, saves);

        /// <summary>
        /// The server holds its references itself, unless somebody switched them off, as a bulk load does. Every reference is asked
        /// with the server's own description of it; a reference with a missing part holds.
        /// </summary>
        internal override async Task<IReadOnlyList<string>> FindOrphans(Db db)
        {
            var columns = await db.Query<ReferenceColumn>("""
                SELECT k.object_id AS id, OBJECT_NAME(k.parent_object_id) AS child, OBJECT_NAME(k.referenced_object_id) AS parent, a.name AS own, b.name AS theirs
                FROM sys.foreign_keys AS k
                JOIN sys.foreign_key_columns AS pair ON pair.constraint_object_id = k.object_id
                JOIN sys.columns AS a ON a.object_id = pair.parent_object_id AND a.column_id = pair.parent_column_id
                JOIN sys.columns AS b ON b.object_id = pair.referenced_object_id AND b.column_id = pair.referenced_column_id
                WHERE k.schema_id = SCHEMA_ID()
                ORDER BY k.object_id, pair.constraint_column_id
                """);
            List<string> orphans = [];
            foreach (var reference in columns.GroupBy(column => column.Id))
            {
                var (child, parent) = (reference.First().Child, reference.First().Parent);
                if (await db.Value<long>(CountOrphans(child, parent, reference.Select(column => (column.Own, column.Theirs)).ToList())) is > 0 and var count)
                    orphans.Add($"{child} → {parent}: {count}");
            }
            return orphans;
        }

        internal override IEnumerable<string> Batches(string script) => BatchEnd().Split(script).Where(batch => !string.IsNullOrWhiteSpace(batch));

        internal override string Of(string sql) => known.GetOrAdd(sql, static text =>
            Word().Replace(Undisturbed().Replace(text, Attempt), static word =>
                word.Groups["limit"] is { Success: true } limit ? $"OFFSET 0 ROWS FETCH NEXT {limit.Value} ROWS ONLY"
                : word.Groups["flag"] is { Success: true } flag ? flag.Value == "TRUE" ? "1" : "0"
                : word.Groups["id"] is { Success: true } id ? IdText(id.Value)
                : word.Value));

        /// <summary>
        /// A key that is taken ends neither the batch nor the transaction (XACT_ABORT is off); anything else goes on as it is. Which of
        /// the keys it was is not asked: no statement that names one can meet another.
        /// </summary>
        private static string Attempt(Match insert) =>
            $"BEGIN TRY {insert.Groups["insert"].Value.TrimEnd()}; END TRY BEGIN CATCH IF ERROR_NUMBER() NOT IN (2601, 2627) THROW; END CATCH";

        private static string IdText(string id) => $"LOWER(STUFF(STUFF(STUFF(STUFF(CONVERT(varchar(36), {id}, 2), 21, 0, '-'), 17, 0, '-'), 13, 0, '-'), 9, 0, '-'))";

        [GeneratedRegex(@"(?<insert>\bINSERT INTO\b(?:'[^']*'|[^';])*?)\bON CONFLICT(?:\s*\([^()]*\)(?:\s+WHERE\b(?:'[^']*'|[^';])*?)?)?\s+DO NOTHING\b")]
        private static partial Regex Undisturbed();

        // A text first, so that nothing inside one is taken for a word.
        [GeneratedRegex(@"'[^']*'|\bLIMIT\s+(?<limit>@\w+|\d+)|\b(?<flag>TRUE|FALSE)\b|\bCAST\((?<id>[\w.]+) AS VARCHAR\(36\)\)")]
        private static partial Regex Word();

        [GeneratedRegex(@"^GO[ \t]*\r?$", RegexOptions.Multiline)]
        private static partial Regex BatchEnd();

        private sealed record ReferenceColumn
        {
            public int Id { get; init; }
            public string Child { get; init; } = "";
            public string Parent { get; init; } = "";
            public string Own { get; init; } = "";
            public string Theirs { get; init; } = "";
        }
    }

    internal static string CountOrphans(string child, string parent, IReadOnlyList<(string Own, string Theirs)> columns) => $"""
        SELECT COUNT_BIG(*) FROM [{child}] AS c
        WHERE {string.Join(" AND ", columns.Select(column => $"c.[{column.Own}] IS NOT NULL"))}
          AND NOT EXISTS (SELECT 1 FROM [{parent}] AS p WHERE {string.Join(" AND ", columns.Select(column => $"p.[{column.Theirs}] = c.[{column.Own}]"))})
        """;
}
