using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Groundwork.Broker.Storage;

/// <summary>A file of the machine's own disk, which is open while it is used: <see cref="OpenFiles"/> may close it in between.</summary>
internal sealed partial class SystemDiskFile : IDiskFile
{
    private const uint StartWriting = 2; // SYNC_FILE_RANGE_WRITE
    private const int Parked = -1;

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly OpenFiles _open;
    private SafeFileHandle _handle;
    private int _users; // how many use the handle; Parked where it is closed
    private volatile bool _wasUsed = true;
    private volatile bool _isUnsynced;
    private volatile bool _isDisposed;
    private IOException? _failure;

    /// <param name="path">Where it is; it is made if it is not there.</param>
    /// <param name="open">What bounds how many are open.</param>
    public SystemDiskFile(string path, OpenFiles open)
    {
        (_path, _open) = (path, open);
        lock (_lock)
            _handle = Open(FileMode.OpenOrCreate);
    }

    public long Length
    {
        get
        {
            using var use = new Use(this);
            return RandomAccess.GetLength(_handle);
        }
    }

    public int Read(Span<byte> into, long offset)
    {
        using var use = new Use(this);
        var done = 0;
        while (done < into.Length)
        {
            var read = RandomAccess.Read(_handle, into[done..], offset + done);
            if (read == 0)
                break;
            done += read;
        }

        return done;
    }

    public void Write(ReadOnlySpan<byte> content, long offset)
    {
        using var use = new Use(this);
        _isUnsynced = true;
        RandomAccess.Write(_handle, content, offset);
    }

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> pieces, long offset)
    {
        using var use = new Use(this);
        _isUnsynced = true;
        RandomAccess.Write(_handle, pieces, offset);
    }

    public void SetLength(long length)
    {
        using var use = new Use(this);
        _isUnsynced = true;
        RandomAccess.SetLength(_handle, length);
    }

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
        using var use = new Use(this);
        _isUnsynced = true;
        if (Fallocate(_handle, 0, length) is not 0 and var error)
            throw new IOException($"{length} bytes could not be reserved: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    public void Sync()
    {
        using var use = new Use(this);
        if (_failure is { } failure)
            throw failure;
        SyncHandle();
    }

    public void StartSync(long offset, long length)
    {
        if (!OperatingSystem.IsLinux())
            return;

        // What it answers is of no interest: whether the bytes got to the disk is the sync's to say.
        using var use = new Use(this);
        _ = SyncFileRange(_handle, offset, length, StartWriting);
    }

    /// <summary>Whether it was used since this was last asked.</summary>
    public bool WasUsed()
    {
        var used = _wasUsed;
        _wasUsed = false;
        return used;
    }

    /// <summary>Closes it until it is used again, unless it is in use. What was written to it is synced before: of an error in writing it out, nobody might hear later.</summary>
    public bool TryPark()
    {
        lock (_lock)
        {
            if (_isDisposed || Interlocked.CompareExchange(ref _users, Parked, 0) != 0)
                return _isDisposed;
            try
            {
                if (_isUnsynced)
                    SyncHandle();
            }
            catch (IOException e)
            {
                _failure = e;
            }

            _handle.Dispose();
            return true;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
        }

        _handle.Dispose();
        _open.Closed(this);
    }

    // Under the lock: as soon as there is room for it, it may be asked to make room for another.
    private SafeFileHandle Open(FileMode mode)
    {
        _open.Opening(this);
        try
        {
            return File.OpenHandle(_path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
        catch
        {
            _open.Closed(this);
            throw;
        }
    }

    private void SyncHandle()
    {
        _isUnsynced = false;

        // fdatasync leaves out the times of the file, which .NET's flush writes with it: a journal of fixed length has nothing else to add.
        if (!OperatingSystem.IsLinux())
            RandomAccess.FlushToDisk(_handle);
        else if (Fdatasync(_handle) != 0)
            throw new IOException($"A file could not be synced: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
    }

    private void Enter()
    {
        _wasUsed = true;
        while (true)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var users = Volatile.Read(ref _users);
            if (users == Parked)
                Reopen();
            else if (Interlocked.CompareExchange(ref _users, users + 1, users) == users)
                return;
        }
    }

    private void Reopen()
    {
        lock (_lock)
        {
            if (_isDisposed || _users != Parked)
                return;
            _handle = Open(FileMode.Open);
            Volatile.Write(ref _users, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    private static partial int Fallocate(SafeFileHandle file, long offset, long length);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int Fdatasync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);

    // While it is used, it is not closed.
    private readonly ref struct Use
    {
        private readonly SystemDiskFile _file;

        public Use(SystemDiskFile file)
        {
            _file = file;
            file.Enter();
        }

        public void Dispose() => Interlocked.Decrement(ref _file._users);
    }
}
