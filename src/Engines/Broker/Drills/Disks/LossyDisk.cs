using Groundwork.Broker.Storage;

namespace Groundwork.Broker.Drills.Disks;

/// <summary>
/// A folder whose disk keeps promises only: what is not synced is in this process's memory, so that SIGKILL is to it what a power cut is to
/// a machine. Now and then some sectors are written back by themselves, in no order, as a system does that needs its memory: so a
/// kill finds any part of a write done.
/// </summary>
/// <remarks>
/// A new file has its name for good once its folder was synced; one that was removed is gone for good with that, too. Replaced
/// files and folders last at once. One lock guards everything; the errors are the real disk's.
/// </remarks>
/// <param name="root">Where the files really lie.</param>
/// <param name="random">What is written back when.</param>
/// <param name="pretends">Of which files a sync is only said to be done: the protection that a drill takes away.</param>
internal sealed class LossyDisk(string root, Random random, Func<string, bool> pretends) : IDisk
{
    // How files are called whose names a power cut would take.
    private const string Unnamed = ".unnamed";

    private const int WritesABack = 8;

    private readonly Lock _lock = new();
    private readonly SystemDisk _disk = new(root);
    private readonly Dictionary<string, LossyFile> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _new = new(StringComparer.Ordinal);
    private readonly HashSet<string> _removed = new(StringComparer.Ordinal);

    /// <summary>What a start of the machine does first: files that had no name for good are gone.</summary>
    public static void Mend(string root)
    {
        if (!Directory.Exists(root))
            return;
        foreach (var file in Directory.EnumerateFiles(root, "*" + Unnamed, SearchOption.AllDirectories).ToList())
            File.Delete(file);
    }

    public IDiskFile Open(string path)
    {
        lock (_lock)
        {
            if (_removed.Remove(path))
                _disk.Delete(path);
            if (!_files.TryGetValue(path, out var file))
            {
                if (!_disk.Exists(path))
                    _new.Add(path);
                _files.Add(path, file = new LossyFile(_disk.Open(Real(path))));
            }

            file.Handles++;
            return new Handle(this, path, file);
        }
    }

    public bool Exists(string path)
    {
        lock (_lock)
            return !_removed.Contains(path) && _disk.Exists(Real(path));
    }

    public byte[]? Read(string path)
    {
        lock (_lock)
            return _removed.Contains(path) ? null : _disk.Read(Real(path));
    }

    public void Replace(string path, ReadOnlySpan<byte> content)
    {
        lock (_lock)
            _disk.Replace(path, content);
    }

    public void Delete(string path)
    {
        lock (_lock)
        {
            if (_files.Remove(path, out var file))
            {
                file.IsDeleted = true;
                if (file.Handles == 0)
                    file.Close();
            }

            if (_new.Contains(path))
                _disk.Delete(Real(path));
            else if (_disk.Exists(path))
                _removed.Add(path);
            _new.Remove(path);
        }
    }

    public void CreateFolder(string path)
    {
        lock (_lock)
            _disk.CreateFolder(path);
    }

    public void RenameFolder(string from, string to)
    {
        lock (_lock)
        {
            Forget(from);
            _disk.RenameFolder(from, to);
        }
    }

    public void DeleteFolder(string path)
    {
        lock (_lock)
        {
            Forget(path);
            _disk.DeleteFolder(path);
        }
    }

    public IReadOnlyList<string> List(string path)
    {
        lock (_lock)
        {
            var below = path.Length == 0 ? "" : path + '/';
            return [.. _disk.List(path)
                .Select(name => name.EndsWith(Unnamed, StringComparison.Ordinal) ? name[..^Unnamed.Length] : name)
                .Where(name => !_removed.Contains(below + name))];
        }
    }

    public void SyncFolder(string path)
    {
        lock (_lock)
        {
            foreach (var file in In(_new, path))
            {
                File.Move(Path.Combine(root, file + Unnamed), Path.Combine(root, file));
                _new.Remove(file);
            }

            foreach (var file in In(_removed, path))
            {
                _disk.Delete(file);
                _removed.Remove(file);
            }
        }
    }

    private static List<string> In(HashSet<string> files, string folder) =>
        [.. files.Where(file => (Path.GetDirectoryName(file) ?? "").Replace('\\', '/') == folder)];

    private string Real(string path) => _new.Contains(path) ? path + Unnamed : path;

    private void Forget(string folder)
    {
        var below = folder + '/';
        foreach (var path in _files.Keys.Where(path => path.StartsWith(below, StringComparison.Ordinal)).ToList())
        {
            _files[path].IsDeleted = true;
            if (_files[path].Handles == 0)
                _files[path].Close();
            _files.Remove(path);
        }

        _new.RemoveWhere(path => path.StartsWith(below, StringComparison.Ordinal));
        _removed.RemoveWhere(path => path.StartsWith(below, StringComparison.Ordinal));
    }

    private void Wrote(LossyFile file)
    {
        if (random.Next(WritesABack) == 0)
            file.WriteBack(random, random.NextDouble());
    }

    private void Synced(string path, LossyFile file)
    {
        if (!pretends(path))
            file.WriteBack(random, share: 1);
    }

    private sealed class Handle(LossyDisk disk, string path, LossyFile file) : IDiskFile
    {
        private bool _isClosed;

        public long Length
        {
            get
            {
                lock (disk._lock)
                    return file.Length;
            }
        }

        public int Read(Span<byte> into, long offset)
        {
            lock (disk._lock)
            {
                ObjectDisposedException.ThrowIf(_isClosed, this);
                return file.Read(into, offset);
            }
        }

        public void Write(ReadOnlySpan<byte> content, long offset)
        {
            lock (disk._lock)
            {
                ObjectDisposedException.ThrowIf(_isClosed, this);
                file.Write(content, offset);
                disk.Wrote(file);
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
                file.SetLength(length);
        }

        public void Reserve(long length)
        {
            lock (disk._lock)
                file.Reserve(length);
        }

        public void Sync()
        {
            lock (disk._lock)
            {
                ObjectDisposedException.ThrowIf(_isClosed, this);
                disk.Synced(path, file);
            }
        }

        public void Dispose()
        {
            lock (disk._lock)
            {
                if (_isClosed)
                    return;
                _isClosed = true;

                // What is held stays with the file: closing is no sync.
                if (--file.Handles == 0 && file.IsDeleted)
                    file.Close();
            }
        }
    }
}
