using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Diagnostics.Storage.Sqlite;

/// <summary>
/// A file that SQLite has opened: <c>sqlite3_file</c> of sqlite3.h. It consists of a pointer to the methods, followed
/// by data that only those methods use.
/// </summary>
internal unsafe struct SqliteFile
{
    // The values of SQLITE_FCNTL_FILE_POINTER and SQLITE_FCNTL_JOURNAL_POINTER.
    private const int FilePointer = 7;
    private const int JournalPointer = 28;

    internal SqliteMethods* Methods;

    /// <returns>The database file of a connection; null when SQLite does not return it.</returns>
    internal static SqliteFile* Database(SqliteConnection connection) => Of(connection, FilePointer);

    /// <returns>The write-ahead log of a connection; null when SQLite does not return it. The connection opens the log
    /// in its first transaction.</returns>
    internal static SqliteFile* Log(SqliteConnection connection) => Of(connection, JournalPointer);

    private static SqliteFile* Of(SqliteConnection connection, int operation) =>
        SqliteMethods.sqlite3_file_control(connection.Handle!, "main", operation, out var file) == raw.SQLITE_OK
        && file->Methods is not null
            ? file
            : null;
}

/// <summary><c>sqlite3_io_methods</c> of sqlite3.h, version 3; each method returns a result code of SQLite.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe partial struct SqliteMethods
{
    /// <summary>The version of the struct that has all of these methods.</summary>
    internal const int Complete = 3;

    /// <summary>How to flush: with <c>fsync</c>, as <c>synchronous=FULL</c> does.</summary>
    internal const int SyncNormal = 2;

    internal int Version;
    internal delegate* unmanaged[Cdecl]<SqliteFile*, int> Close;
    internal delegate* unmanaged[Cdecl]<SqliteFile*, byte*, int, long, int> Read;
    internal delegate* unmanaged[Cdecl]<SqliteFile*, byte*, int, long, int> Write;
    internal delegate* unmanaged[Cdecl]<SqliteFile*, long, int> Truncate;
    internal delegate* unmanaged[Cdecl]<SqliteFile*, int, int> Sync;
    internal delegate* unmanaged[Cdecl]<SqliteFile*, long*, int> FileSize;
    internal nint Lock,
        Unlock,
        CheckReservedLock,
        FileControl,
        SectorSize,
        DeviceCharacteristics;
    internal nint ShmMap,
        ShmLock,
        ShmBarrier,
        ShmUnmap;
    internal nint Fetch,
        Unfetch;

    [LibraryImport("e_sqlite3", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int sqlite3_file_control(SafeHandle db, string schema, int operation, out SqliteFile* file);
}
