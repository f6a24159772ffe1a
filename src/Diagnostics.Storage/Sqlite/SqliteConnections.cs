using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Diagnostics.Storage.Sqlite;

/// <summary>
/// What is particular to SQLite about connections: the connection string, the pragmas and the meaning of faults.
/// </summary>
internal static class SqliteConnections
{
    private static readonly Lock Once = new();
    private static bool initialised;

    private const string ReadOnly = "доступен только для чтения: дайте службе право записи";

    internal static void Initialise()
    {
        lock (Once)
        {
            if (initialised)
                return;
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
            throw DatabaseFaults.OfConnectionString(fault);
        }
    }

    internal static string ConnectionString(string path) =>
        new SqliteConnectionStringBuilder
        {
            DataSource = path,
            ForeignKeys = true,
            // Without this setting INSERT OR REPLACE removes the old row without running its DELETE trigger, and
            // somebody could rewrite history.
            RecursiveTriggers = true,
            DefaultTimeout = 5,
        }.ToString();

    /// <summary>
    /// Creates the file before SQLite does, readable by its owner alone; the log and the index beside it inherit its
    /// permissions. If the file cannot be created, SQLite reports the reason when it tries to open it.
    /// </summary>
    /// <returns>Whether the file is new.</returns>
    internal static bool MakePrivate(string path)
    {
        if (OperatingSystem.IsWindows() || File.Exists(path))
            return false;
        try
        {
            new FileStream(
                path,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            ).Dispose();
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Opens a connection with WAL and <c>synchronous=FULL</c>: a commit is on disk before it returns, and readers
    /// never wait for it. <see cref="LogCopier"/> copies the log back, never inside a commit. A cache of 8 MB holds the
    /// pages to which a running exam writes. With SQLite's 2 MB the writer spent a seventh of its time reading them
    /// again; a cache larger than 8 MB costs time, because SQLite searches through it whenever the file grows. With
    /// <c>secure_delete</c> nothing of a deleted row stays in the file.
    /// </summary>
    /// <exception cref="DatabaseUnavailableException">The file is not a database, or cannot be opened or
    /// written.</exception>
    internal static SqliteConnection Open(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            // SQLite silently opens a file that it may not write; the fault would appear only at the first save.
            if (raw.sqlite3_db_readonly(connection.Handle, "main") == 1)
                throw Unavailable(connection.DataSource, ReadOnly);
            using var pragma = connection.CreateCommand();
            pragma.CommandText = """
                PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-8192;
                PRAGMA secure_delete=ON;
                """;
            pragma.ExecuteNonQuery();
            return connection;
        }
        catch (Exception fault)
        {
            connection.Dispose();
            if (Explain(fault, connection.DataSource) is DatabaseUnavailableException explained)
                throw explained;
            throw Unavailable(connection.DataSource, "не открывается", fault);
        }
    }

    /// <summary>
    /// Returns an exception that explains a problem with the file itself to an operator; returns any other fault
    /// unchanged.
    /// </summary>
    internal static Exception Explain(Exception fault, string path) =>
        (fault as SqliteException)?.SqliteErrorCode switch
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
