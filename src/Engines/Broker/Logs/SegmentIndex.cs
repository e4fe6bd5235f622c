using Groundwork.Broker.Storage;

namespace Groundwork.Broker.Logs;

/// <summary>
/// The sparse index of one segment, by offset and by time: the last lines in memory, the others in a file that is searched where
/// it lies. It is never trusted further than a checkpoint says, and made anew from the segment behind that.
/// </summary>
/// <remarks>One lock guards it. It holds 1,024 lines in memory at most, which are 4 MiB of a segment's end.</remarks>
internal sealed class SegmentIndex(IDiskFile file, int count) : IDisposable
{
    private const int MaxTail = 1024;

    private readonly Lock _lock = new();
    private readonly List<IndexEntry> _tail = [];

    // How many lines are in the file; those of the tail come behind them.
    private int _written = count;

    /// <summary>How many lines there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _written + _tail.Count;
        }
    }

    /// <summary>Adds a line.</summary>
    public void Add(IndexEntry entry)
    {
        lock (_lock)
        {
            if (_tail.Count == MaxTail)
                WriteOut(MaxTail / 2);
            _tail.Add(entry);
        }
    }

    /// <summary>The last line at or before an offset; null where the offset is before all of them.</summary>
    public IndexEntry? FindOffset(uint offsetDelta) => Find(entry => entry.OffsetDelta <= offsetDelta);

    /// <summary>The last line before which every batch is earlier than a time; null where there is none.</summary>
    public IndexEntry? FindTime(long timestamp) => Find(entry => entry.LatestBefore < timestamp);

    /// <summary>The last line; null where there is none.</summary>
    public IndexEntry? Last() => Find(_ => true);

    /// <summary>Writes what is only in memory to the file, and syncs it.</summary>
    public void Sync()
    {
        lock (_lock)
            WriteOut(_tail.Count);
        file.Sync();
    }

    /// <summary>Forgets all lines from one on.</summary>
    public void Truncate(int lines)
    {
        lock (_lock)
        {
            _tail.RemoveRange(Math.Clamp(lines - _written, 0, _tail.Count), _tail.Count - Math.Clamp(lines - _written, 0, _tail.Count));
            _written = Math.Min(_written, lines);
            file.SetLength((long)_written * IndexEntry.Bytes);
        }
    }

    /// <summary>Forgets all lines of what lies behind a position of the segment.</summary>
    public void TruncateTo(long position)
    {
        lock (_lock)
        {
            var (low, high) = (0, _written + _tail.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (Line(middle).Position < position)
                    low = middle + 1;
                else
                    high = middle;
            }

            Truncate(low);
        }
    }

    public void Dispose() => file.Dispose();

    // Lines for which the condition holds come before those for which it does not.
    private IndexEntry? Find(Func<IndexEntry, bool> holds)
    {
        lock (_lock)
        {
            var (low, high) = (0, _written + _tail.Count);
            if (_tail.Count > 0 && holds(_tail[0]))
                low = _written + 1;
            else
                high = _written;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (holds(Line(middle)))
                    low = middle + 1;
                else
                    high = middle;
            }

            return low == 0 ? null : Line(low - 1);
        }
    }

    private IndexEntry Line(int line)
    {
        if (line >= _written)
            return _tail[line - _written];
        Span<byte> bytes = stackalloc byte[IndexEntry.Bytes];
        return file.Read(bytes, (long)line * IndexEntry.Bytes) == bytes.Length ? IndexEntry.Read(bytes) : default;
    }

    private void WriteOut(int lines)
    {
        if (lines == 0)
            return;
        var bytes = new byte[lines * IndexEntry.Bytes];
        for (var i = 0; i < lines; i++)
            _tail[i].Write(bytes.AsSpan(i * IndexEntry.Bytes));
        file.Write(bytes, (long)_written * IndexEntry.Bytes);
        _tail.RemoveRange(0, lines);
        _written += lines;
    }
}
