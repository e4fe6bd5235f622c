namespace Groundwork.Testing.Disks;

/// <summary>
/// What a power cut could undo of one file: for each sector the contents that it had before each write since the last sync,
/// and likewise the file's lengths.
/// </summary>
/// <remarks>
/// A sector is written as a whole or not at all, and never goes back behind what was synced; sectors know nothing of each
/// other, nor of the file's length. Not thread-safe: the disk's lock guards it.
/// </remarks>
public sealed class DiskFile(string path)
{
    private const int SectorBytes = 512;

    private readonly SortedDictionary<long, List<(long Time, byte[] Before)>> _sectors = [];
    private readonly List<(long Time, long Before)> _lengths = [];

    // Sectors that a failed sync has dropped and nobody has written since: no later sync covers them.
    private readonly HashSet<long> _dropped = [];

    /// <summary>The handles that are open on it.</summary>
    internal List<OpenFile> Handles { get; } = [];

    /// <summary>Remembers what a change is about to overwrite or to cut off.</summary>
    /// <param name="handle">Reads the file as it is.</param>
    /// <param name="time">Grows with each change.</param>
    /// <param name="from">The first byte that changes.</param>
    /// <param name="to">The byte behind the last one.</param>
    /// <param name="newLength">The file's length afterwards.</param>
    public void Remember(IDiskReader handle, long time, long from, long to, long newLength)
    {
        var length = handle.Length;
        if (newLength != length)
            _lengths.Add((time, length));
        for (var sector = from / SectorBytes; sector * SectorBytes < to; sector++)
        {
            var before = new byte[SectorBytes];
            handle.Read(before, sector * SectorBytes);
            if (!_sectors.TryGetValue(sector, out var versions))
                _sectors.Add(sector, versions = []);
            versions.Add((time, before));
            _dropped.Remove(sector);
        }
    }

    /// <summary>A sync succeeds: what is there now lasts, except for what an earlier one dropped.</summary>
    public void Synced()
    {
        _lengths.Clear();
        if (_dropped.Count == 0)
        {
            _sectors.Clear();
            return;
        }

        foreach (var sector in _sectors.Keys.Where(sector => !_dropped.Contains(sector)).ToList())
            _sectors.Remove(sector);
    }

    /// <summary>A sync fails: what was not on the disk is taken for written from now on, and may not be.</summary>
    public void Dropped() => _dropped.UnionWith(_sectors.Keys);

    /// <summary>Leaves in the real file one of the states in which the power's end could leave it.</summary>
    public void CutPower(Random random, long now)
    {
        using var real = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

        // All lost, all there, all up to one moment, or each sector by itself.
        var mode = random.Next(4);
        var moment = mode switch { 0 => 0, 1 => long.MaxValue, _ => random.NextInt64(now + 1) };
        int Choose<T>(List<(long Time, T Before)> versions)
        {
            if (mode == 3)
                return random.Next(versions.Count + 1);
            var index = versions.FindIndex(v => v.Time >= moment);
            return index < 0 ? versions.Count : index;
        }

        var length = RandomAccess.GetLength(real);
        if (Choose(_lengths) is var chosen && chosen < _lengths.Count)
            length = _lengths[chosen].Before;
        foreach (var (sector, versions) in _sectors)
        {
            var index = Choose(versions);
            if (index < versions.Count)
                RandomAccess.Write(real, versions[index].Before, sector * SectorBytes);
        }

        RandomAccess.SetLength(real, length);
    }
}

/// <summary>Reads a file as it is, before a change.</summary>
public interface IDiskReader
{
    /// <summary>Its length in bytes.</summary>
    long Length { get; }

    /// <summary>Reads what is there; behind the end are zeros.</summary>
    void Read(Span<byte> bytes, long offset);
}
