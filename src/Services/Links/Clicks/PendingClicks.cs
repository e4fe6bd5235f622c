using System.Runtime.InteropServices;

namespace Groundwork.Links.Clicks;

/// <summary>
/// The clicks of some seconds, by link and hour, on their way into the database: first they are added, then it is closed, and
/// its parts are written from <see cref="Peek"/> to <see cref="Pop"/>, until it is empty and begins again.
/// </summary>
/// <remarks>
/// <para>Parts come in the order of the links' numbers, which is that of the table's index: neighbours share its pages, and each
/// page is written once for all of them, where one part at a time would write a page each.</para>
/// <para>All parts of one closing have the same name, which differs from any other closing's.</para>
/// <para>Most links are clicked once in a while: a first click is kept as it is, in a fifth of a rollup's memory, and only a
/// second one makes a rollup. Not for concurrent use.</para>
/// </remarks>
internal sealed class PendingClicks
{
    // A place in the table, which is never quite full, and one in the order.
    private const int OwnBytes = 128;

    private readonly Dictionary<(long Number, long Hour), Entry> _entries = [];
    private readonly List<(long Number, long Hour)> _order = [];
    private long _name;
    private long _firstHour = long.MaxValue;
    private long _lastHour;

    /// <summary>How many parts there are.</summary>
    public int Count => _entries.Count;

    /// <summary>About how much memory they take, in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>When the first click was added, as a timestamp.</summary>
    public long Since { get; private set; }

    /// <summary>Adds a click, unless it is closed.</summary>
    /// <param name="number">Which link's.</param>
    /// <param name="hour">Of which hour, counted from 1970.</param>
    /// <param name="click">What is known of it.</param>
    /// <param name="now">A timestamp.</param>
    public void Add(long number, long hour, in ReadClick click, long now)
    {
        if (Count == 0)
            Since = now;
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, (number, hour), out var exists);
        if (!exists)
        {
            entry.First = click;
            Bytes += OwnBytes;
            (_firstHour, _lastHour) = (Math.Min(_firstHour, hour), Math.Max(_lastHour, hour));
            return;
        }

        var before = entry.Sum?.MemoryBytes ?? 0;
        if (entry.Sum is null)
        {
            entry.Sum = new Rollup();
            entry.First.AddTo(entry.Sum);
        }

        click.AddTo(entry.Sum);
        Bytes += entry.Sum.MemoryBytes - before;
    }

    /// <summary>Ends the adding; whatever becomes of a write under the name, what is under it stays as it is.</summary>
    public void Close()
    {
        _name = ClickStore.NewPart();
        _order.AddRange(_entries.Keys);

        // From the end, so that taking parts away moves none.
        _order.Sort(static (x, y) => y.CompareTo(x));
    }

    /// <summary>Adds the next parts to a list, after <see cref="Close"/>.</summary>
    public void Peek(int max, List<PendingPart> parts)
    {
        for (var i = 1; i <= Math.Min(max, _order.Count); i++)
        {
            var (number, hour) = _order[^i];
            if (_entries.TryGetValue((number, hour), out var entry))
                parts.Add(new PendingPart(number, hour, _name, entry.First, entry.Sum));
        }
    }

    /// <summary>Lets go of what <see cref="Peek"/> gave for the same number.</summary>
    public void Pop(int max)
    {
        var from = Math.Max(0, _order.Count - max);
        foreach (var key in CollectionsMarshal.AsSpan(_order)[from..])
            Remove(key);
        _order.RemoveRange(from, _order.Count - from);
        if (Count == 0)
            Clear();
    }

    /// <summary>Moves the parts of one link to a list: under the name of the closing, or under one of their own.</summary>
    public void TakeOut(long number, List<PendingPart> parts)
    {
        var name = _order.Count > 0 ? _name : ClickStore.NewPart();
        for (var hour = _firstHour; hour <= _lastHour; hour++)
        {
            if (Remove((number, hour)) is { } entry)
                parts.Add(new PendingPart(number, hour, name, entry.First, entry.Sum));
        }

        if (Count == 0)
            Clear();
    }

    /// <summary>Lets go of all.</summary>
    public void Clear()
    {
        _entries.Clear();
        _order.Clear();
        (Bytes, _firstHour, _lastHour) = (0, long.MaxValue, 0);
    }

    private Entry? Remove((long Number, long Hour) key)
    {
        if (!_entries.Remove(key, out var entry))
            return null;
        Bytes -= OwnBytes + (entry.Sum?.MemoryBytes ?? 0);
        return entry;
    }

    private struct Entry
    {
        public ReadClick First;

        /// <summary>The first and all others; null where there are none.</summary>
        public Rollup? Sum;
    }
}

/// <summary>A part of a link's hour that is not written yet.</summary>
/// <param name="Number">Which link.</param>
/// <param name="Hour">Which hour, counted from 1970.</param>
/// <param name="Name">Under which name it is written.</param>
/// <param name="First">The first click.</param>
/// <param name="Sum">The first and all others; null where there are none.</param>
internal readonly record struct PendingPart(long Number, long Hour, long Name, ReadClick First, Rollup? Sum)
{
    /// <summary>As it is stored.</summary>
    /// <param name="scratch">An empty one, and so afterwards.</param>
    public byte[] ToBytes(Rollup scratch)
    {
        if (Sum is not null)
            return Sum.ToBytes();
        First.AddTo(scratch);
        var bytes = scratch.ToBytes();
        scratch.Clear();
        return bytes;
    }
}
