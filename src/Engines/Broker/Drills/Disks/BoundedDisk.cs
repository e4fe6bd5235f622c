using Groundwork.Broker.Storage;

namespace Groundwork.Broker.Drills.Disks;

/// <summary>A folder of the system's disk on which segments and the journal have so much room, and no more. Safe for concurrent callers.</summary>
/// <remarks>Names, indexes and whole small files are not counted: what they take is little, and the drill is about what grows.</remarks>
/// <param name="root">The folder.</param>
/// <param name="reserves">Whether room that is taken beforehand is really taken: the protection that a drill takes away.</param>
internal sealed class BoundedDisk(string root, bool reserves) : IDisk
{
    private readonly SystemDisk _disk = new(root);
    private long _room = long.MaxValue / 2;

    /// <summary>By how many bytes files may still grow.</summary>
    public long Room
    {
        get => Interlocked.Read(ref _room);
        set => Interlocked.Exchange(ref _room, value);
    }

    private bool Reserves => reserves;

    public IDiskFile Open(string path) => path.EndsWith(".index", StringComparison.Ordinal) ? _disk.Open(path) : new Bounded(this, _disk.Open(path));

    public bool Exists(string path) => _disk.Exists(path);

    public byte[]? Read(string path) => _disk.Read(path);

    public void Replace(string path, ReadOnlySpan<byte> content) => _disk.Replace(path, content);

    public void Delete(string path) => _disk.Delete(path);

    public void CreateFolder(string path) => _disk.CreateFolder(path);

    public void RenameFolder(string from, string to) => _disk.RenameFolder(from, to);

    public void DeleteFolder(string path) => _disk.DeleteFolder(path);

    public IReadOnlyList<string> List(string path) => _disk.List(path);

    public void SyncFolder(string path) => _disk.SyncFolder(path);

    // How much of so many bytes there is room for.
    private long Take(long wanted)
    {
        while (true)
        {
            var room = Room;
            var taken = Math.Min(room, wanted);
            if (Interlocked.CompareExchange(ref _room, room - taken, room) == room)
                return taken;
        }
    }

    private sealed class Bounded(BoundedDisk disk, IDiskFile file) : IDiskFile
    {
        public long Length => file.Length;

        public int Read(Span<byte> into, long offset) => file.Read(into, offset);

        public void Write(ReadOnlySpan<byte> content, long offset)
        {
            var growth = Math.Max(0, offset + content.Length - file.Length);
            var missing = growth - disk.Take(growth);
            file.Write(content[..(int)(content.Length - missing)], offset);
            if (missing > 0)
                throw new IOException("No space left on device.");
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
            if (length < file.Length)
                Interlocked.Add(ref disk._room, file.Length - length);
            file.SetLength(length);
        }

        public void Reserve(long length)
        {
            if (disk.Reserves)
                file.Reserve(length);
        }

        public void Sync() => file.Sync();

        public void Dispose() => file.Dispose();
    }
}
