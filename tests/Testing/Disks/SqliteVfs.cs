using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Groundwork.Testing.Disks;

/// <summary>
/// The door between SQLite and <see cref="FailingDisk"/>: a VFS that wraps SQLite's own one.
/// </summary>
/// <remarks>
/// It becomes the default with the first disk and stays it, since open connections point to it. A file that is on no failing
/// disk is opened by the wrapped VFS itself and never comes by here again, so tests beside those of the disk notice nothing.
/// A file that is on one is two in a row in SQLite's memory: a <see cref="NativeFile"/> of ours, then the wrapped VFS's.
/// </remarks>
internal static unsafe partial class SqliteVfs
{
    private static readonly ConcurrentDictionary<FailingDisk, bool> Disks = [];
    private static readonly NativeVfs* Wrapped = Find(null);
    private static readonly NativeMethods* Methods = CreateMethods();

    static SqliteVfs()
    {
        // Everything but opening and removing is the wrapped VFS's, which looks at no more than its arguments there.
        var vfs = (NativeVfs*)NativeMemory.AllocZeroed((nuint)sizeof(NativeVfs));
        *vfs = *Wrapped;
        vfs->Next = null;
        vfs->Name = (byte*)Marshal.StringToCoTaskMemUTF8("failing-disks");
        vfs->FileBytes = sizeof(NativeFile) + Wrapped->FileBytes;
        vfs->Open = &Open;
        vfs->Delete = &Delete;
        var code = Register(vfs, makeDefault: 1);
        if (code != raw.SQLITE_OK)
            throw new InvalidOperationException($"SQLite refused the VFS: {code}.");
    }

    public static void Add(FailingDisk disk) => Disks[disk] = true;

    public static void Remove(FailingDisk disk) => Disks.TryRemove(disk, out _);

    private static FailingDisk? DiskOf(string? path) => path is null ? null : Disks.Keys.FirstOrDefault(disk => disk.Holds(path));

    private static NativeFile* Real(NativeFile* file) => file + 1;

    private static OpenFile Handle(NativeFile* file) => (OpenFile)GCHandle.FromIntPtr(file->Handle).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(NativeVfs* vfs, byte* name, NativeFile* file, int flags, int* outFlags)
    {
        var path = Marshal.PtrToStringUTF8((nint)name);
        if (DiskOf(path) is not { } disk)
            return Wrapped->Open(Wrapped, name, file, flags, outFlags);

        file->Methods = null;
        if (disk.IsOff)
            return raw.SQLITE_CANTOPEN;
        var real = Real(file);
        var isNew = !File.Exists(path);
        var code = Wrapped->Open(Wrapped, name, real, flags, outFlags);
        if (code == raw.SQLITE_OK)
        {
            var isJournal = (flags & (raw.SQLITE_OPEN_WAL | raw.SQLITE_OPEN_MAIN_JOURNAL)) != 0;
            var syncsFolder = isJournal && (flags & raw.SQLITE_OPEN_CREATE) != 0;
            var handle = disk.Open(path!, isNew, syncsFolder, file => new OpenFile(disk, file, real));
            file->Handle = GCHandle.ToIntPtr(GCHandle.Alloc(handle));
            file->Methods = Methods;
        }
        else if (real->Methods != null)
        {
            _ = real->Methods->Close(real);
        }

        return code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Delete(NativeVfs* vfs, byte* name, int syncFolder)
    {
        var path = Marshal.PtrToStringUTF8((nint)name);
        return DiskOf(path) is { } disk
            ? disk.Delete(path!, syncFolder != 0, () => Wrapped->Delete(Wrapped, name, syncFolder))
            : Wrapped->Delete(Wrapped, name, syncFolder);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(NativeFile* file)
    {
        var handle = Handle(file);
        handle.Disk.Closed(handle);
        GCHandle.FromIntPtr(file->Handle).Free();
        return Real(file)->Methods->Close(Real(file));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(NativeFile* file, byte* bytes, int count, long offset) => Handle(file).Disk.IsOff
        ? raw.SQLITE_IOERR_READ
        : Real(file)->Methods->Read(Real(file), bytes, count, offset);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(NativeFile* file, byte* bytes, int count, long offset)
    {
        var handle = Handle(file);
        return handle.Disk.Write(handle, new ReadOnlySpan<byte>(bytes, count), offset);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Truncate(NativeFile* file, long length)
    {
        var handle = Handle(file);
        return handle.Disk.Truncate(handle, length);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(NativeFile* file, int flags)
    {
        var handle = Handle(file);
        return handle.Disk.Sync(handle);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FileSize(NativeFile* file, long* bytes) => Real(file)->Methods->FileSize(Real(file), bytes);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Lock(NativeFile* file, int level) => Real(file)->Methods->Lock(Real(file), level);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Unlock(NativeFile* file, int level) => Real(file)->Methods->Unlock(Real(file), level);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CheckReservedLock(NativeFile* file, int* isTaken) => Real(file)->Methods->CheckReservedLock(Real(file), isTaken);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FileControl(NativeFile* file, int operation, void* argument) =>
        Real(file)->Methods->FileControl(Real(file), operation, argument);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SectorSize(NativeFile* file) => Real(file)->Methods->SectorSize(Real(file));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int DeviceCharacteristics(NativeFile* file) => Real(file)->Methods->DeviceCharacteristics(Real(file));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ShmMap(NativeFile* file, int region, int bytes, int extend, void** address) =>
        Real(file)->Methods->ShmMap(Real(file), region, bytes, extend, address);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ShmLock(NativeFile* file, int offset, int count, int flags) =>
        Real(file)->Methods->ShmLock(Real(file), offset, count, flags);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void ShmBarrier(NativeFile* file) => Real(file)->Methods->ShmBarrier(Real(file));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ShmUnmap(NativeFile* file, int remove) => Real(file)->Methods->ShmUnmap(Real(file), remove);

    private static NativeMethods* CreateMethods()
    {
        var methods = (NativeMethods*)NativeMemory.AllocZeroed((nuint)sizeof(NativeMethods));
        *methods = new NativeMethods
        {
            Version = 2,
            Close = &Close,
            Read = &Read,
            Write = &Write,
            Truncate = &Truncate,
            Sync = &Sync,
            FileSize = &FileSize,
            Lock = &Lock,
            Unlock = &Unlock,
            CheckReservedLock = &CheckReservedLock,
            FileControl = &FileControl,
            SectorSize = &SectorSize,
            DeviceCharacteristics = &DeviceCharacteristics,
            ShmMap = &ShmMap,
            ShmLock = &ShmLock,
            ShmBarrier = &ShmBarrier,
            ShmUnmap = &ShmUnmap,
        };
        return methods;
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find", StringMarshalling = StringMarshalling.Utf8)]
    private static partial NativeVfs* Find(string? name);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register")]
    private static partial int Register(NativeVfs* vfs, int makeDefault);
}
