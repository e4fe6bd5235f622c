using Groundwork.Ports.Messaging;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Platform.Messaging;

/// <summary>
/// The records between what a group has committed and what it has read, each waiting, in hand, to be tried later, or done.
/// </summary>
/// <remarks>
/// <para>Invariants: of a key at most one record is in hand, the first that is not done; the next one is ready when that is. What may be committed of a partition ends before the first
/// record that is not done. A record without a key waits for nothing.</para>
/// <para>A partition that comes anew (the group has agreed anew, and begins where it has committed) takes the place of itself: what was read of it before is dropped, and says nothing any more.</para>
/// <para>Memory: of a record that is done only its place is kept. Pure: the caller brings the time, and calls one at a time.</para>
/// </remarks>
internal sealed class EventWindow(int capacity, long maxBytes)
{
    private readonly Dictionary<TopicPartition, WindowPartition> _partitions = [];
    private readonly Queue<WindowItem> _ready = new();
    private readonly PriorityQueue<WindowItem, DateTimeOffset> _later = new();
    private int _count;
    private long _bytes;

    /// <summary>Whether nothing more is to be added for now.</summary>
    public bool IsFull => _count >= capacity || _bytes >= maxBytes;

    /// <summary>How many records are in it, done ones too that cannot be committed yet.</summary>
    public int Count => _count;

    /// <summary>When the next failed record may be tried again; null where none waits for that.</summary>
    public DateTimeOffset? NextDue => _later.TryPeek(out _, out var due) ? due : null;

    /// <summary>Whether a record was added already: its partition comes anew.</summary>
    public bool HasHad(in IncomingRecord record) =>
        _partitions.TryGetValue(new(record.Topic, record.Partition), out var partition) && record.Offset <= partition.Last;

    /// <summary>Adds a record, behind all of its partition.</summary>
    public void Add(in IncomingRecord record)
    {
        var place = new TopicPartition(record.Topic, record.Partition);
        if (!_partitions.TryGetValue(place, out var partition))
            _partitions.Add(place, partition = new WindowPartition());
        var item = new WindowItem(partition, record);
        partition.Last = record.Offset;
        partition.Items.Enqueue(item);
        _count++;
        _bytes += item.Bytes;
        if (item.Lane is not { } lane)
        {
            _ready.Enqueue(item);
        }
        else if (partition.Lanes.TryGetValue(lane, out var behind))
        {
            behind.Enqueue(item);
        }
        else
        {
            partition.Lanes.Add(lane, new Queue<WindowItem>());
            _ready.Enqueue(item);
        }
    }

    /// <summary>Takes the next record in hand that may be handled; null where none may now.</summary>
    public WindowItem? Take(DateTimeOffset now)
    {
        while (_later.TryPeek(out var due, out var at) && at <= now)
        {
            _later.Dequeue();
            _ready.Enqueue(due);
        }

        while (_ready.TryDequeue(out var item))
        {
            if (!item.Partition.IsDropped)
                return item;
        }

        return null;
    }

    /// <summary>A record in hand is done: what waits for it is ready.</summary>
    public void Done(WindowItem item)
    {
        if (item.Partition.IsDropped)
            return;
        _bytes -= item.Bytes;
        item.End();
        if (item.Lane is not { } lane)
            return;
        if (item.Partition.Lanes[lane].TryDequeue(out var next))
            _ready.Enqueue(next);
        else
            item.Partition.Lanes.Remove(lane);
    }

    /// <summary>A record in hand is to be tried again at a time.</summary>
    public void Retry(WindowItem item, DateTimeOffset due)
    {
        if (!item.Partition.IsDropped)
            _later.Enqueue(item, due);
    }

    /// <summary>The last record of each partition up to which all is done, where that is further than what was committed.</summary>
    public IReadOnlyList<WindowCommit> Committable()
    {
        var commits = new List<WindowCommit>();
        foreach (var partition in _partitions.Values)
        {
            while (partition.Items.TryPeek(out var first) && first.IsDone)
            {
                partition.Done = partition.Items.Dequeue().Record;
                _count--;
            }

            if (partition.Done is { } done && done.Offset > partition.Committed)
                commits.Add(new WindowCommit(partition, done));
        }

        return commits;
    }

    /// <summary>A commit was made.</summary>
    public static void Committed(WindowCommit commit) => commit.Partition.Committed = commit.Record.Offset;

    /// <summary>Forgets a partition, unless it has come anew since.</summary>
    public void Drop(WindowPartition partition)
    {
        if (partition.IsDropped)
            return;
        partition.IsDropped = true;
        _count -= partition.Items.Count;
        _bytes -= partition.Items.Sum(item => item.IsDone ? 0 : item.Bytes);
        foreach (var (place, held) in _partitions)
        {
            if (held == partition)
                _partitions.Remove(place);
        }
    }

    /// <summary>Forgets the partition of a record, so that it can come anew.</summary>
    public void Drop(in IncomingRecord record)
    {
        if (_partitions.TryGetValue(new(record.Topic, record.Partition), out var partition))
            Drop(partition);
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        foreach (var partition in _partitions.Values.ToList())
            Drop(partition);
    }
}

/// <summary>What is known of a partition, from the time it came to the time it comes anew.</summary>
internal sealed class WindowPartition
{
    /// <summary>The records that are not committable, or were not looked at since, in their order.</summary>
    public Queue<WindowItem> Items { get; } = new();

    /// <summary>What waits behind the first record of each key.</summary>
    public Dictionary<ulong, Queue<WindowItem>> Lanes { get; } = [];

    /// <summary>The offset of the last one that was added.</summary>
    public long Last { get; set; } = -1;

    /// <summary>The last one up to which all is done; null for none yet.</summary>
    public IncomingRecord? Done { get; set; }

    /// <summary>The offset of the last one that was committed.</summary>
    public long Committed { get; set; } = -1;

    /// <summary>Whether it says nothing any more.</summary>
    public bool IsDropped { get; set; }
}

/// <summary>A record in the window.</summary>
internal sealed class WindowItem
{
    private const int Overhead = 200;

    public WindowItem(WindowPartition partition, in IncomingRecord record)
    {
        (Partition, Record) = (partition, record);
        Lane = record.Key is { } key ? WyHash.Hash(key.Span, 0) : null;
        Bytes = Overhead + (record.Key?.Length ?? 0) + (record.Value?.Length ?? 0) + record.Headers.Sum(header => (2L * header.Name.Length) + (header.Value?.Length ?? 0));
    }

    /// <summary>Its partition.</summary>
    public WindowPartition Partition { get; }

    /// <summary>The record; only its place once it is done.</summary>
    public IncomingRecord Record { get; private set; }

    /// <summary>What keeps its order; null for none.</summary>
    public ulong? Lane { get; }

    /// <summary>About how much memory it takes until it is done.</summary>
    public long Bytes { get; }

    /// <summary>How often it failed.</summary>
    public int Attempts { get; set; }

    /// <summary>How often it failed for no fault of its own, since it last failed or was taken up.</summary>
    public int Waits { get; set; }

    /// <summary>Why it was given up; null where it was not. All that is left then is to write its letter.</summary>
    public string? Reason { get; set; }

    /// <summary>Whether it is done.</summary>
    public bool IsDone { get; private set; }

    /// <summary>It is done.</summary>
    public void End()
    {
        IsDone = true;
        Record = Record with { Key = null, Value = null, Headers = [] };
    }
}

/// <summary>What may be committed of a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Record">The last record up to which all is done.</param>
internal readonly record struct WindowCommit(WindowPartition Partition, IncomingRecord Record);
