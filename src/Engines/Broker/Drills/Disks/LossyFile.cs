using Groundwork.Broker.Storage;

namespace Groundwork.Broker.Drills.Disks;

/// <summary>
/// A file of <see cref="LossyDisk"/>: what was written to it since its last sync is held in this process's memory, by sectors, and goes
/// with it. Guarded by the disk's lock.
/// </summary>
/// <remarks>That it was cut or made longer lasts at once: what a power cut leaves of a cut is checked where logs are tested.</remarks>
internal sealed class LossyFile(IDiskFile real)
{
    /// <summary>What a disk writes as one.</summary>
    public const int SectorBytes = 512;

    private readonly SortedDictionary<long, byte[]> _held = [];

    /// <summary>Its length, with what is held.</summary>
    public long Length { get; private set; } = real.Length;

    /// <summary>Whether anything would be lost.</summary>
    public bool HasHeld => _held.Count > 0;

    /// <summary>How many have it open.</summary>
    public int Handles { get; set; }

    /// <summary>Whether it has no name any more.</summary>
    public bool IsDeleted { get; set; }

    public int Read(Span<byte> into, long offset)
    {
        var count = (int)Math.Clamp(Length - offset, 0, into.Length);
        into = into[..count];
        var read = Math.Max(0, real.Read(into, offset));
        into[read..].Clear();
        if (_held.Count == 0)
            return count;
        for (var sector = offset / SectorBytes; sector * SectorBytes < offset + count; sector++)
        {
            if (!_held.TryGetValue(sector, out var bytes))
                continue;
            var from = Math.Max(offset, sector * SectorBytes);
            var to = Math.Min(offset + count, (sector + 1) * SectorBytes);
            bytes.AsSpan((int)(from % SectorBytes), (int)(to - from)).CopyTo(into[(int)(from - offset)..]);
        }

        return count;
    }

    public void Write(ReadOnlySpan<byte> content, long offset)
    {
        Length = Math.Max(Length, offset + content.Length);
        while (!content.IsEmpty)
        {
            var (sector, at) = (offset / SectorBytes, (int)(offset % SectorBytes));
            var part = content[..Math.Min(SectorBytes - at, content.Length)];
            if (!_held.TryGetValue(sector, out var bytes))
            {
                bytes = new byte[SectorBytes];
                if (part.Length < SectorBytes)
                    _ = Read(bytes, sector * SectorBytes);
                _held.Add(sector, bytes);
            }

            part.CopyTo(bytes.AsSpan(at));
            content = content[part.Length..];
            offset += part.Length;
        }
    }

    public void SetLength(long length)
    {
        foreach (var sector in _held.Keys.Where(sector => sector * SectorBytes >= length).ToList())
            _ = _held.Remove(sector);
        if (_held.TryGetValue(length / SectorBytes, out var last))
            last.AsSpan((int)(length % SectorBytes)).Clear();
        real.SetLength(length);
        Length = length;
    }

    public void Reserve(long length)
    {
        real.Reserve(length);
        Length = Math.Max(Length, length);
    }

    /// <summary>Gives some of what is held to the disk, in no order.</summary>
    /// <param name="random">Which.</param>
    /// <param name="share">How much of it.</param>
    public void WriteBack(Random random, double share)
    {
        var sectors = _held.Keys.ToArray();
        random.Shuffle(sectors);
        foreach (var sector in sectors.AsSpan(0, (int)Math.Ceiling(sectors.Length * share)))
        {
            var at = sector * SectorBytes;
            real.Write(_held[sector].AsSpan(0, (int)Math.Min(SectorBytes, Length - at)), at);
            _ = _held.Remove(sector);
        }
    }

    public void Close() => real.Dispose();
}
