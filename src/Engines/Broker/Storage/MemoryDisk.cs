using System.Collections.Concurrent;

namespace Groundwork.Broker.Storage;

/// <summary>A disk that lasts as long as the process: for test suites that want a broker and no files. Nothing bounds it but the logs' own retention.</summary>
internal sealed class MemoryDisk : IDisk
{
    private readonly ConcurrentDictionary<string, MemoryDiskFile> _files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _folders = new(StringComparer.Ordinal);

    public IDiskFile Open(string path) => new Handle(_files.GetOrAdd(path, _ => new MemoryDiskFile()));

    public bool Exists(string path) => _files.ContainsKey(path);

    public byte[]? Read(string path)
    {
        if (!_files.TryGetValue(path, out var file))
            return null;
        var content = new byte[file.Length];
        _ = file.Read(content, 0);
        return content;
    }

    public void Replace(string path, ReadOnlySpan<byte> content)
    {
        var file = new MemoryDiskFile();
        file.Write(content, 0);
        _files[path] = file;
    }

    public void Delete(string path) => _files.TryRemove(path, out _);

    public void CreateFolder(string path)
    {
        for (var at = path.Length; at > 0; at = path.LastIndexOf('/', at - 1))
            _folders[path[..at]] = true;
    }

    public void RenameFolder(string from, string to)
    {
        foreach (var name in _files.Keys.Where(name => name.StartsWith(from + '/', StringComparison.Ordinal)))
        {
            if (_files.TryRemove(name, out var file))
                _files[to + name[from.Length..]] = file;
        }

        foreach (var name in _folders.Keys.Where(name => name == from || name.StartsWith(from + '/', StringComparison.Ordinal)))
        {
            _ = _folders.TryRemove(name, out _);
            _folders[to + name[from.Length..]] = true;
        }
    }

    public void DeleteFolder(string path)
    {
        foreach (var name in _files.Keys.Where(name => name.StartsWith(path + '/', StringComparison.Ordinal)))
            _ = _files.TryRemove(name, out _);
        foreach (var name in _folders.Keys.Where(name => name == path || name.StartsWith(path + '/', StringComparison.Ordinal)))
            _ = _folders.TryRemove(name, out _);
    }

    public IReadOnlyList<string> List(string path)
    {
        var below = path.Length == 0 ? "" : path + '/';
        return [.. _files.Keys.Concat(_folders.Keys)
            .Where(name => name.Length > below.Length && name.StartsWith(below, StringComparison.Ordinal) && name.IndexOf('/', below.Length) < 0)
            .Select(name => name[below.Length..])];
    }

    public void SyncFolder(string path)
    {
    }

    // A file lives as long as it has its name, whoever has closed it.
    private sealed class Handle(MemoryDiskFile file) : IDiskFile
    {
        public long Length => file.Length;

        public int Read(Span<byte> into, long offset) => file.Read(into, offset);

        public void Write(ReadOnlySpan<byte> content, long offset) => file.Write(content, offset);

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> pieces, long offset)
        {
            foreach (var piece in pieces)
            {
                file.Write(piece.Span, offset);
                offset += piece.Length;
            }
        }

        public void SetLength(long length) => file.SetLength(length);

        public void Reserve(long length)
        {
        }

        public void Sync()
        {
        }

        public void Dispose()
        {
        }
    }
}
