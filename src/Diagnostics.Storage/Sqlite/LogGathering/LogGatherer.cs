using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Diagnostics.Storage.Sqlite.LogGathering;

/// <summary>
/// Lets a connection append to the write-ahead log in long pieces. SQLite writes each page in two calls, one for its
/// header and one for its content, and these calls took a sixth of the writer's time. This class gathers what a commit
/// appends, and writes it when SQLite flushes the log; with <c>synchronous=FULL</c> every commit flushes before it
/// reports success.
/// </summary>
/// <remarks>
/// Like a VFS shim, the gatherer stands between SQLite and SQLite's own methods for the log, for a single connection.
/// It must be empty whenever another connection writes. Pages reach the log only in a commit, which ends with a flush
/// or a fault, and both leave the gatherer empty. That is why a full cache must not spill pages into the log before the
/// commit.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LogGatherer
{
    // The largest piece that SQLite's own method can write in one call: the method keeps only 17 bits of the length.
    private const int Capacity = (1 << 17) - 1;

    // The pointer is stored, so that a file to which these methods are already attached can be recognised by it.
    private static readonly nint GatheringWrite = (nint)(delegate* unmanaged[Cdecl]<SqliteFile*, byte*, int, long, int>)&Write;

    // This field comes first, because the file's pointer to its methods points to this struct.
    private SqliteMethods methods;
    private SqliteMethods* own;
    private byte* gathered;
    private int length;
    private long offset;

    /// <param name="connection">A connection in a transaction, because before a transaction the log of a new file is
    /// not open.</param>
    /// <remarks>If SQLite does not return its file, nothing is attached and SQLite works as usual.</remarks>
    internal static void Attach(SqliteConnection connection)
    {
        var log = SqliteFile.Log(connection);
        if (log is null || log->Methods->Version != SqliteMethods.Complete)
            return;
        // A connection that comes back from the pool already has the methods attached.
        if ((nint)log->Methods->Write == GatheringWrite)
            return;
        if (raw.sqlite3_exec(connection.Handle, "PRAGMA cache_spill=OFF") != raw.SQLITE_OK)
            return;
        var gatherer = (LogGatherer*)NativeMemory.AllocZeroed((nuint)sizeof(LogGatherer));
        gatherer->own = log->Methods;
        gatherer->gathered = (byte*)NativeMemory.Alloc(Capacity);
        gatherer->methods = *log->Methods;
        gatherer->methods.Write = (delegate* unmanaged[Cdecl]<SqliteFile*, byte*, int, long, int>)GatheringWrite;
        gatherer->methods.Sync = &Sync;
        gatherer->methods.Read = &Read;
        gatherer->methods.FileSize = &FileSize;
        gatherer->methods.Truncate = &Truncate;
        gatherer->methods.Close = &Close;
        log->Methods = &gatherer->methods;
    }

    private static LogGatherer* Of(SqliteFile* log) => (LogGatherer*)log->Methods;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(SqliteFile* log, byte* bytes, int count, long offset)
    {
        var it = Of(log);
        var follows = it->length > 0 && offset == it->offset + it->length && count <= Capacity - it->length;
        if (!follows && Flush(log) is not raw.SQLITE_OK and var fault)
            return fault;
        if (count > Capacity)
            return it->own->Write(log, bytes, count, offset);
        if (it->length == 0)
            it->offset = offset;
        NativeMemory.Copy(bytes, it->gathered + it->length, (nuint)count);
        it->length += count;
        return raw.SQLITE_OK;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(SqliteFile* log, int flags) =>
        Flush(log) is not raw.SQLITE_OK and var fault ? fault : Of(log)->own->Sync(log, flags);

    // These methods flush first, because a reader of the file must find in it everything that this connection has
    // written.

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(SqliteFile* log, byte* bytes, int count, long offset) =>
        Flush(log) is not raw.SQLITE_OK and var fault ? fault : Of(log)->own->Read(log, bytes, count, offset);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FileSize(SqliteFile* log, long* size) =>
        Flush(log) is not raw.SQLITE_OK and var fault ? fault : Of(log)->own->FileSize(log, size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Truncate(SqliteFile* log, long size) =>
        Flush(log) is not raw.SQLITE_OK and var fault ? fault : Of(log)->own->Truncate(log, size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(SqliteFile* log)
    {
        var it = Of(log);
        var flushed = Flush(log);
        log->Methods = it->own;
        NativeMemory.Free(it->gathered);
        NativeMemory.Free(it);
        var closed = log->Methods->Close(log);
        return flushed == raw.SQLITE_OK ? closed : flushed;
    }

    /// <summary>Writes what was gathered. A failed write is not tried again, so the commit fails.</summary>
    private static int Flush(SqliteFile* log)
    {
        var it = Of(log);
        if (it->length == 0)
            return raw.SQLITE_OK;
        var count = it->length;
        it->length = 0;
        return it->own->Write(log, it->gathered, count, it->offset);
    }
}
