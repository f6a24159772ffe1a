using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Diagnostics.Storage.Sqlite;

/// <summary>
/// Lets a connection append to the write-ahead log in long pieces: SQLite writes each page in two calls, its header and
/// itself, and these calls were a sixth of what the writer did. What a commit appends is gathered and written when SQLite
/// flushes the log, which with <c>synchronous=FULL</c> every commit does before it says so.
/// </summary>
/// <remarks>
/// It stands between SQLite and the methods of the log as SQLite has opened it, as a VFS shim does, for one connection.
/// Nothing may be left in it when another connection writes: pages reach the log in a commit only, which ends with a flush
/// or a fault, and in both nothing is left. That is why a full cache must not spill pages into the log before the commit.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LogGatherer
{
    // The most that SQLite's own method takes in one call: it keeps 17 bits of the length.
    private const int Capacity = (1 << 17) - 1;

    // Taken once, to be known again.
    private static readonly nint GatheringWrite = (nint)(delegate* unmanaged[Cdecl]<SqliteFile*, byte*, int, long, int>)&Write;

    // First, because the file's methods are found where the file points to.
    private SqliteMethods methods;
    private SqliteMethods* own;
    private byte* gathered;
    private int length;
    private long offset;

    /// <param name="connection">In a transaction: a new file's log is not open before.</param>
    /// <remarks>Where SQLite does not say what its file is like, it goes on as it does by itself.</remarks>
    internal static void Attach(SqliteConnection connection)
    {
        var log = SqliteFile.Log(connection);
        if (log is null || log->Methods->Version != SqliteMethods.Complete) return;
        // A connection comes back from the pool as it was left.
        if ((nint)log->Methods->Write == GatheringWrite) return;
        if (raw.sqlite3_exec(connection.Handle, "PRAGMA cache_spill=OFF") != raw.SQLITE_OK) return;
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
        if (!follows && Flush(log) is not raw.SQLITE_OK and var fault) return fault;
        if (count > Capacity) return it->own->Write(log, bytes, count, offset);
        if (it->length == 0) it->offset = offset;
        NativeMemory.Copy(bytes, it->gathered + it->length, (nuint)count);
        it->length += count;
        return raw.SQLITE_OK;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(SqliteFile* log, int flags) => Flush(log) is not raw.SQLITE_OK and var fault ? fault : Of(log)->own->Sync(log, flags);

    // Whoever asks about the file must find in it what he has written.

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(SqliteFile* log, byte* bytes, int count, long offset) =>
        Flush(log) is not raw.SQLITE_OK and var fault ? fault : Of(log)->own->Read(log, bytes, count, offset);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FileSize(SqliteFile* log, long* size) => Flush(log) is not raw.SQLITE_OK and var fault ? fault : Of(log)->own->FileSize(log, size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Truncate(SqliteFile* log, long size) => Flush(log) is not raw.SQLITE_OK and var fault ? fault : Of(log)->own->Truncate(log, size);

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

    /// <summary>What could not be written is not tried again: the commit that it belongs to fails.</summary>
    private static int Flush(SqliteFile* log)
    {
        var it = Of(log);
        if (it->length == 0) return raw.SQLITE_OK;
        var count = it->length;
        it->length = 0;
        return it->own->Write(log, it->gathered, count, it->offset);
    }
}
