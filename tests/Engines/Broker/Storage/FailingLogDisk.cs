using Groundwork.Broker.Storage;
using Groundwork.Testing.Disks;

namespace Groundwork.Broker.Tests.Storage;

/// <summary>
/// A folder on a disk that fails on command, as logs see it: the power goes, a sync fails, there is no room. What a power cut may
/// undo is what <see cref="DiskFile"/> and <see cref="FolderEntries"/> say; a folder's new name lasts at once, as it does with a
/// file system that journals its names.
/// </summary>
/// <remarks>After the power is gone every call fails with <see cref="IOException"/>. One lock guards everything.</remarks>
internal sealed class FailingLogDisk(string root) : IDisk
{
    private readonly Lock _lock = new();
    private readonly SystemDisk _disk = new(root);
    private readonly Dictionary<string, DiskFile> _files = new(StringComparer.Ordinal);
    private readonly FolderEntries _entries = new();
    private Random? _random;
    private long _time;
    private long _cutAt = long.MaxValue;
    private long _stallAt = long.MaxValue;
    private long _failSyncAt = long.MaxValue;
    private long _syncs;
    private bool _off;

    /// <summary>How many writes, truncations and syncs there were.</summary>
    public long Operations
    {
        get
        {
            lock (_lock)
                return _time;
        }
    }

    /// <summary>How many bytes files may still grow by.</summary>
    public long Room { get; set; } = long.MaxValue;

    /// <summary>Reset, it lets syncs of files wait until it is set.</summary>
    public ManualResetEventSlim SyncGate { get; } = new(initialState: true);

    /// <summary>Whether the power is gone.</summary>
    public bool IsOff => _off;

    /// <summary>Ends the power in the middle of an operation, counted from now.</summary>
    public void CutPowerAt(long operations, Random random)
    {
        lock (_lock)
            (_cutAt, _random) = (_time + operations, random);
    }

    /// <summary>Lets syncs hang from an operation on, counted from now, until <see cref="SyncGate"/> is set or the power goes.</summary>
    public void StallAt(long operations)
    {
        lock (_lock)
            _stallAt = _time + operations;
    }

    /// <summary>Ends the power now.</summary>
    public void CutPower(Random random)
    {
        lock (_lock)
        {
            _random = random;
            Cut();
        }
    }

    /// <summary>Lets one sync of a file fail, counted from now.</summary>
    public void FailSync(int first)
    {
        lock (_lock)
            _failSyncAt = _syncs + first;
    }

    public IDiskFile Open(string path)
    {
        lock (_lock)
        {
            Check();
            var isNew = !_disk.Exists(path);
            var file = _disk.Open(path);
            if (isNew)
                _entries.Created(Full(path));
            if (!_files.TryGetValue(path, out var remembered))
                _files.Add(path, remembered = new DiskFile(Full(path)));
            return new Handle(this, file, remembered);
        }
    }

    public bool Exists(string path)
    {
        lock (_lock)
        {
            Check();
            return _disk.Exists(path);
        }
    }

    public byte[]? Read(string path)
    {
        lock (_lock)
        {
            Check();
            return _disk.Read(path);
        }
    }

    public void Replace(string path, ReadOnlySpan<byte> content)
    {
        lock (_lock)
        {
            Step();
            _disk.Replace(path, content);
        }
    }

    public void Delete(string path)
    {
        lock (_lock)
        {
            Step();
            if (_disk.Exists(path))
                _entries.Removing(Full(path));
            _ = _files.Remove(path);
            _disk.Delete(path);
        }
    }

    public void CreateFolder(string path)
    {
        lock (_lock)
        {
            Check();
            _disk.CreateFolder(path);
        }
    }

    public void RenameFolder(string from, string to)
    {
        lock (_lock)
        {
            Step();
            _disk.RenameFolder(from, to);
        }
    }

    public void DeleteFolder(string path)
    {
        lock (_lock)
        {
            Step();
            _disk.DeleteFolder(path);
        }
    }

    public IReadOnlyList<string> List(string path)
    {
        lock (_lock)
        {
            Check();
            return _disk.List(path);
        }
    }

    public void SyncFolder(string path)
    {
        lock (_lock)
        {
            Step();
            _disk.SyncFolder(path);
            _entries.Synced(Full(path));
        }
    }

    private string Full(string path) => Path.Combine(root, path);

    private void Check()
    {
        if (_off)
            throw new IOException("The power is gone.");
    }

    private void Step()
    {
        Check();
        Tick();
        Check();
    }

    // An operation was made.
    private void Tick()
    {
        _time++;
        if (_time >= _stallAt)
        {
            SyncGate.Reset();
            _stallAt = long.MaxValue;
        }

        if (_time >= _cutAt)
            Cut();
    }

    private void Cut()
    {
        if (_off)
            return;
        _off = true;
        SyncGate.Set();
        foreach (var (path, file) in _files.Where(file => File.Exists(Full(file.Key))))
            file.CutPower(_random!, _time);
        _entries.CutPower(_random!);
    }

    private sealed class Handle(FailingLogDisk disk, IDiskFile real, DiskFile file) : IDiskFile, IDiskReader
    {
        public long Length => real.Length;

        public int Read(Span<byte> into, long offset)
        {
            lock (disk._lock)
            {
                disk.Check();
                return real.Read(into, offset);
            }
        }

        void IDiskReader.Read(Span<byte> bytes, long offset)
        {
            bytes.Clear();
            _ = real.Read(bytes, offset);
        }

        public void Write(ReadOnlySpan<byte> content, long offset)
        {
            lock (disk._lock)
            {
                disk.Check();
                var length = real.Length;
                var growth = Math.Max(0, offset + content.Length - length);
                var missing = (int)Math.Max(0, growth - disk.Room);
                var written = content[..(content.Length - missing)];
                file.Remember(this, disk._time + 1, offset, offset + written.Length, Math.Max(length, offset + written.Length));
                real.Write(written, offset);
                disk.Room -= disk.Room == long.MaxValue ? 0 : growth - missing;
                disk.Tick();
                disk.Check();
                if (missing > 0)
                    throw new IOException("No space left on device.");
            }
        }

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> pieces, long offset)
        {
            foreach (var piece in pieces)
            {
                Write(piece.Span, offset);
                offset += piece.Length;
            }
        }

        public void SetLength(long length)
        {
            lock (disk._lock)
            {
                disk.Check();
                var before = real.Length;
                file.Remember(this, disk._time + 1, Math.Min(length, before), before, length);
                real.SetLength(length);
                disk.Tick();
                disk.Check();
            }
        }

        public void Reserve(long length)
        {
            if (length > Length)
                SetLength(length);
        }

        public void Sync()
        {
            disk.SyncGate.Wait();
            lock (disk._lock)
            {
                disk.Step();
                if (++disk._syncs == disk._failSyncAt)
                {
                    file.Dropped();
                    throw new IOException("Input/output error.");
                }

                file.Synced();
            }
        }

        public void Dispose() => real.Dispose();
    }
}
