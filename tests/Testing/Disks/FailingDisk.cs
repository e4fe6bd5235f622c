using SQLitePCL;

namespace Groundwork.Testing.Disks;

/// <summary>
/// A folder on a disk that fails on command, as SQLite sees it: the power goes, a sync fails, there is no room.
/// </summary>
/// <remarks>
/// <para>The disk has a volatile cache: what is written can be read at once, and lasts once the file is synced. When the
/// power goes, each sector of 512 bytes that was written since is as it was after any of those writes, or before them; so is
/// the file's length. A sync here never waits for the machine's own disk.</para>
/// <para>A sync that fails is Linux's: every handle that was open on the file is told once, what was not yet written is
/// dropped from the cache's duties, and later syncs succeed without it.</para>
/// <para>Until the folder is synced, a new file may be missing afterwards and a removed one be back. SQLite syncs it with a new
/// log or journal; that others do (the program does, past SQLite) is not seen here. The log's index is not on this disk.</para>
/// <para>It holds for connections that are opened while it is there, to files below the folder. Safe for concurrent callers;
/// one lock guards everything.</para>
/// </remarks>
public sealed class FailingDisk : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, DiskFile> _files = new(StringComparer.Ordinal);
    private readonly FolderEntries _entries = new();
    private readonly string _folder;
    private volatile bool _off;
    private Random? _cut;

    // Writes, truncations and syncs so far, and the syncs among them.
    private long _time;
    private long _syncs;

    private long _cutAt = long.MaxValue;
    private long _failFrom = long.MaxValue;
    private long _failTo;
    private long _room = long.MaxValue;

    /// <param name="folder">The full path of a folder; the files in it are on this disk.</param>
    public FailingDisk(string folder)
    {
        _folder = folder + Path.DirectorySeparatorChar;
        SqliteVfs.Add(this);
    }

    /// <summary>Whether the power is gone: nothing is read, written, synced, opened or removed any more.</summary>
    public bool IsOff => _off;

    /// <summary>Whether a sync says that it was done and does nothing, as bad disks do.</summary>
    public bool LiesAboutSyncs { get; set; }

    /// <summary>Ends the power, now.</summary>
    /// <param name="random">Decides what of the unsynced writes is on the disk.</param>
    public void CutPower(Random random)
    {
        lock (_lock)
            Cut(random);
    }

    /// <summary>Ends the power in the middle of a write, a truncation or a sync.</summary>
    /// <param name="operations">The how many-th from now; from 1.</param>
    /// <param name="random">Decides what of the unsynced writes is on the disk.</param>
    public void CutPowerAt(int operations, Random random)
    {
        lock (_lock)
            (_cut, _cutAt) = (random, _time + operations);
    }

    /// <summary>Lets syncs fail.</summary>
    /// <param name="first">The first one to fail, from now; from 1.</param>
    /// <param name="count">How many fail, one after the other.</param>
    public void FailSyncs(int first, int count = 1)
    {
        lock (_lock)
            (_failFrom, _failTo) = (_syncs + first, _syncs + first + count);
    }

    /// <summary>Leaves room for so many more bytes. What truncating frees is added to it.</summary>
    public void LeaveRoom(long bytes)
    {
        lock (_lock)
            _room = bytes;
    }

    /// <summary>Files below the folder are on the machine's own disk again, for those who open them from now on.</summary>
    public void Dispose() => SqliteVfs.Remove(this);

    internal bool Holds(string path) => path.StartsWith(_folder, StringComparison.Ordinal);

    internal OpenFile Open(string path, bool isNew, bool syncsFolder, Func<DiskFile, OpenFile> create)
    {
        lock (_lock)
        {
            if (!_files.TryGetValue(path, out var file))
                _files.Add(path, file = new DiskFile(path));
            if (isNew)
                _entries.Created(path);
            var handle = create(file);
            handle.SyncsFolder = syncsFolder;
            file.Handles.Add(handle);
            return handle;
        }
    }

    internal void Closed(OpenFile handle)
    {
        lock (_lock)
            handle.File.Handles.Remove(handle);
    }

    internal int Write(OpenFile handle, ReadOnlySpan<byte> bytes, long offset)
    {
        lock (_lock)
        {
            if (_off)
                return raw.SQLITE_IOERR_WRITE;
            var length = handle.Length;
            var growth = Math.Max(0, offset + bytes.Length - length);
            var missing = Math.Max(0, growth - _room);
            if (missing > 0)
                bytes = bytes[..(int)Math.Max(0, bytes.Length - missing)];
            if (!bytes.IsEmpty)
            {
                handle.File.Remember(handle, ++_time, offset, offset + bytes.Length, Math.Max(length, offset + bytes.Length));
                var code = handle.Write(bytes, offset);
                if (code != raw.SQLITE_OK)
                    return code;
                Use(growth - missing);
            }

            return CutIfTime() ? raw.SQLITE_IOERR_WRITE : missing > 0 ? raw.SQLITE_FULL : raw.SQLITE_OK;
        }
    }

    internal int Truncate(OpenFile handle, long length)
    {
        lock (_lock)
        {
            if (_off)
                return raw.SQLITE_IOERR_TRUNCATE;
            var before = handle.Length;
            handle.File.Remember(handle, ++_time, length, before, length);
            var code = handle.Truncate(length);
            if (code != raw.SQLITE_OK)
                return code;
            Use(length - before);
            return CutIfTime() ? raw.SQLITE_IOERR_TRUNCATE : raw.SQLITE_OK;
        }
    }

    internal int Sync(OpenFile handle)
    {
        lock (_lock)
        {
            if (_off)
                return raw.SQLITE_IOERR_FSYNC;
            ++_time;
            ++_syncs;
            if (CutIfTime())
                return raw.SQLITE_IOERR_FSYNC;
            if (_syncs >= _failFrom && _syncs < _failTo)
            {
                handle.File.Dropped();
                foreach (var other in handle.File.Handles)
                    other.OwesSyncError = true;
            }

            if (handle.OwesSyncError)
            {
                handle.OwesSyncError = false;
                return raw.SQLITE_IOERR_FSYNC;
            }

            if (!LiesAboutSyncs)
            {
                handle.File.Synced();
                if (handle.SyncsFolder)
                    _entries.Synced();
                handle.SyncsFolder = false;
            }

            return raw.SQLITE_OK;
        }
    }

    internal int Delete(string path, bool syncFolder, Func<int> delete)
    {
        lock (_lock)
        {
            if (_off)
                return raw.SQLITE_IOERR_DELETE;
            if (File.Exists(path))
                _entries.Removing(path);
            _files.Remove(path);
            var code = delete();
            if (code == raw.SQLITE_OK && syncFolder && !LiesAboutSyncs)
                _entries.Synced();
            return code;
        }
    }

    private void Use(long bytes)
    {
        if (_room != long.MaxValue)
            _room -= bytes;
    }

    private bool CutIfTime()
    {
        if (_time < _cutAt)
            return false;
        Cut(_cut!);
        return true;
    }

    private void Cut(Random random)
    {
        if (_off)
            return;
        _off = true;
        foreach (var (_, file) in _files.OrderBy(f => f.Key, StringComparer.Ordinal))
            file.CutPower(random, _time);
        _entries.CutPower(random);
    }
}
