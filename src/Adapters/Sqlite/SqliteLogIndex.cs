using System.Runtime.InteropServices;
using Groundwork.Ports.Database;
using SQLitePCL;

namespace Groundwork.Sqlite;

/// <summary>
/// The one thing that SQLite has no call for: to distrust what it has moved from the write-ahead log into the main file.
/// </summary>
/// <remarks>
/// <para>A checkpoint that could not move the whole log (readers or the writer were in its way) counts what it moved, and does
/// not sync it: the one that moves the rest syncs for both. Where that sync fails, the system may have dropped the pages of
/// either, and a second try would write only its own again, sync them with success, and let go of the log.</para>
/// <para>The count stands in the log's index, in memory that all connections to the file share. Its layout is part of SQLite's
/// documented formats ("WAL-mode File Format", 2.3, sqlite.org/walformat.html): the index's version at byte 0, the count
/// (nBackfill) at byte 96, numbers in the machine's byte order. Zero is always true: it only makes a checkpoint move more.</para>
/// </remarks>
internal static unsafe partial class SqliteLogIndex
{
    private const int KnownVersion = 3_007_000;

    private const int RegionBytes = 32 << 10;
    private const int MovedOffset = 96;
    private const int CheckpointLock = 1;

    // Of SQLite's C interface: sqlite3_file_control, xShmLock.
    private const int GetFile = 7;
    private const int Unlock = 1;
    private const int Lock = 2;
    private const int Exclusive = 8;

    /// <summary>Sets the count to zero. No other connection may be in a checkpoint.</summary>
    /// <exception cref="DatabaseException">It was not possible; what was moved may not be on the disk.</exception>
    public static void ForgetMoved(sqlite3 database, string file)
    {
        NativeFile* handle;
        if (FileControl(database, "main", GetFile, &handle) != raw.SQLITE_OK || handle is null)
            throw Failed(file, "it has no handle");

        byte* index;
        var code = handle->Methods->ShmMap(handle, 0, RegionBytes, 0, (void**)&index);
        if (code != raw.SQLITE_OK)
            throw Failed(file, $"its log's index cannot be reached (SQLite says {code})");

        // No index, no log: nothing was moved from it.
        if (index is null)
            return;
        if (*(int*)index != KnownVersion)
            throw Failed(file, $"its log's index has the unknown version {*(int*)index}");
        code = handle->Methods->ShmLock(handle, CheckpointLock, 1, Lock | Exclusive);
        if (code != raw.SQLITE_OK)
            throw Failed(file, $"another connection moves its log (SQLite says {code})");
        Volatile.Write(ref *(int*)(index + MovedOffset), 0);
        _ = handle->Methods->ShmLock(handle, CheckpointLock, 1, Unlock | Exclusive);
    }

    private static DatabaseException Failed(string file, string reason) => new(
        DatabaseFailure.Unavailable, $"{file} is recovering from a disk error, and {reason}. The command was not done; if this stays, start the program again.");

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int FileControl(sqlite3 database, string name, int operation, void* argument);

    /// <summary>SQLite's <c>sqlite3_file</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct NativeFile
    {
        public NativeMethods* Methods;
    }

    /// <summary>SQLite's <c>sqlite3_io_methods</c>, from version 2 on. What is never called from here is an address only.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct NativeMethods
    {
        public int Version;
        public void* Close;
        public void* Read;
        public void* Write;
        public void* Truncate;
        public void* Sync;
        public void* FileSize;
        public void* LockFile;
        public void* UnlockFile;
        public void* CheckReservedLock;
        public void* FileControl;
        public void* SectorSize;
        public void* DeviceCharacteristics;
        public delegate* unmanaged[Cdecl]<NativeFile*, int, int, int, void**, int> ShmMap;
        public delegate* unmanaged[Cdecl]<NativeFile*, int, int, int, int> ShmLock;
    }
}
