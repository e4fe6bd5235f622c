using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Groundwork.Broker.Storage;

/// <summary>A file of the machine's own disk.</summary>
internal sealed partial class SystemDiskFile(SafeFileHandle handle) : IDiskFile
{
    private const uint StartWriting = 2; // SYNC_FILE_RANGE_WRITE

    public long Length => RandomAccess.GetLength(handle);

    public int Read(Span<byte> into, long offset)
    {
        var done = 0;
        while (done < into.Length)
        {
            var read = RandomAccess.Read(handle, into[done..], offset + done);
            if (read == 0)
                break;
            done += read;
        }

        return done;
    }

    public void Write(ReadOnlySpan<byte> content, long offset) => RandomAccess.Write(handle, content, offset);

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> pieces, long offset) => RandomAccess.Write(handle, pieces, offset);

    public void SetLength(long length) => RandomAccess.SetLength(handle, length);

    public void Reserve(long length)
    {
        if (Length >= length)
            return;
        if (!OperatingSystem.IsLinux())
        {
            SetLength(length);
            return;
        }

        // posix_fallocate says what is wrong by its result. A file system that cannot reserve is written with zeros by the C library.
        var error = Fallocate((int)handle.DangerousGetHandle(), 0, length);
        GC.KeepAlive(handle);
        if (error != 0)
            throw new IOException($"{length} bytes could not be reserved: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    public void Sync()
    {
        // fdatasync leaves out the times of the file, which .NET's flush writes with it: a journal of fixed length has nothing else to add.
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(handle);
            return;
        }

        var failed = Fdatasync((int)handle.DangerousGetHandle()) != 0;
        var error = Marshal.GetLastPInvokeError();
        GC.KeepAlive(handle);
        if (failed)
            throw new IOException($"A file could not be synced: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    public void StartSync(long offset, long length)
    {
        if (!OperatingSystem.IsLinux())
            return;

        // What it answers is of no interest: whether the bytes got to the disk is the sync's to say.
        _ = SyncFileRange((int)handle.DangerousGetHandle(), offset, length, StartWriting);
        GC.KeepAlive(handle);
    }

    public void Dispose() => handle.Dispose();

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    private static partial int Fallocate(int descriptor, long offset, long length);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int Fdatasync(int descriptor);

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int SyncFileRange(int descriptor, long offset, long length, uint flags);
}
