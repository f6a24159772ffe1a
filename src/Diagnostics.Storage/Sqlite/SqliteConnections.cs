using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Diagnostics.Storage.Sqlite;

/// <summary>What is SQLite's own of a connection: its string, its pragmas, its faults.</summary>
internal static class SqliteConnections
{
    private static readonly Lock Once = new();
    private static bool initialised;

    private const string ReadOnly = "доступен только для чтения: дайте службе право записи";

    internal static void Initialise()
    {
        lock (Once)
        {
            if (initialised) return;
            Batteries_V2.Init();
            TypeHandlers.Register();
            initialised = true;
        }
    }

    internal static string FileOf(string connectionString)
    {
        try
        {
            return new SqliteConnectionStringBuilder(connectionString).DataSource;
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException)
        {
            throw new DatabaseUnavailableException($"Строка подключения Database:ConnectionString не читается: {fault.Message}", fault);
        }
    }

    internal static string ConnectionString(string path) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        ForeignKeys = true,
        // Without it INSERT OR REPLACE removes the old row past its DELETE trigger, and history could be rewritten.
        RecursiveTriggers = true,
        DefaultTimeout = 5,
    }.ToString();

    /// <summary>
    /// Makes the file before SQLite would, for its owner alone; the log and the index beside it take its permissions. What
    /// stands in the way is told when SQLite opens it.
    /// </summary>
    /// <returns>Whether it is new.</returns>
    internal static bool MakePrivate(string path)
    {
        if (OperatingSystem.IsWindows() || File.Exists(path)) return false;
        try
        {
            new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }).Dispose();
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// WAL with <c>synchronous=FULL</c>: a commit is on disk before it returns, and readers never wait for it. The log is
    /// copied back by <see cref="LogCopier"/>, never inside a commit. A cache of 8 MB holds the pages that a running exam
    /// writes to: with SQLite's 2 MB a seventh of the writer's time went into reading them again, and SQLite looks through
    /// a larger one whenever the file grows.
    /// </summary>
    /// <exception cref="DatabaseUnavailableException">The file is no database, or cannot be opened or written.</exception>
    internal static SqliteConnection Open(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            // SQLite opens a file that it may not write without a word; only the first save would tell.
            if (raw.sqlite3_db_readonly(connection.Handle, "main") == 1) throw Unavailable(connection.DataSource, ReadOnly);
            using var pragma = connection.CreateCommand();
            pragma.CommandText = """
                PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-8192;
                """;
            pragma.ExecuteNonQuery();
            return connection;
        }
        catch (Exception fault)
        {
            connection.Dispose();
            if (Explain(fault, connection.DataSource) is DatabaseUnavailableException explained) throw explained;
            throw Unavailable(connection.DataSource, "не открывается", fault);
        }
    }

    /// <summary>What is wrong with the file itself, in an operator's words; any other fault stays as it is.</summary>
    internal static Exception Explain(Exception fault, string path) => (fault as SqliteException)?.SqliteErrorCode switch
    {
        raw.SQLITE_CANTOPEN => Unavailable(path, "не открывается: проверьте, что папка существует и служба может писать в неё", fault),
        raw.SQLITE_NOTADB => Unavailable(path, "не является базой данных SQLite", fault),
        raw.SQLITE_CORRUPT => Unavailable(path, "повреждён: восстановите его из резервной копии", fault),
        raw.SQLITE_READONLY => Unavailable(path, ReadOnly, fault),
        raw.SQLITE_FULL => Unavailable(path, "не может расти: на диске нет места", fault),
        raw.SQLITE_IOERR => Unavailable(path, "не читается или не пишется: проверьте диск", fault),
        _ => fault,
    };

    private static DatabaseUnavailableException Unavailable(string path, string trouble, Exception? fault = null) =>
        new($"Файл базы данных {path} {trouble}{(fault is null ? "" : $" ({fault.Message.TrimEnd('.')})")}.", fault);
}
