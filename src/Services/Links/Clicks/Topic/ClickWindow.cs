using Groundwork.Ports.Messaging;

namespace Groundwork.Links.Clicks;

/// <summary>The clicks of a partition that have been read and not been counted for good. Not for concurrent use.</summary>
/// <remarks>
/// What it holds is made of the offsets from <see cref="WindowState.Next"/> to <see cref="Position"/> and of nothing else: whoever reads the same ones has the same clicks in the same
/// parts. Where an earlier life has opened a window, it ends where that one ended.
/// </remarks>
internal sealed class ClickWindow
{
    // Some 20,000 clicks: a window closes at that, or by its age.
    private const int MaxBytes = 1 << 19;

    private readonly TextPool _texts;
    private readonly PendingClicks _pending = new(MaxBytes);
    private SeenPublishers _seen;

    public ClickWindow(int partition, WindowState state, TextPool texts)
    {
        (Partition, State, Position, _texts) = (partition, state, state.Next, texts);
        _seen = new SeenPublishers(state.Seen);
    }

    /// <summary>Which partition.</summary>
    public int Partition { get; }

    /// <summary>How far it was counted.</summary>
    public WindowState State { get; private set; }

    /// <summary>The offset of the record that is to be read next.</summary>
    public long Position { get; private set; }

    /// <summary>The last record that was taken; null for none since the window began.</summary>
    public IncomingRecord? Last { get; private set; }

    /// <summary>The last record that was passed over because it was counted in an earlier life: the group's offset is behind it. Null where that was committed.</summary>
    public IncomingRecord? Passed { get; set; }

    /// <summary>When the first record of it was taken, as a timestamp.</summary>
    public long Since { get; private set; }

    /// <summary>What is to be written.</summary>
    public PendingClicks Pending => _pending;

    /// <summary>Whether somebody has opened it: its end is settled.</summary>
    public bool IsOpen => State.Upto > State.Next;

    /// <summary>Whether it is to be closed before a record is taken. One whose end is settled ends there, and nowhere before.</summary>
    public bool Ends(in IncomingRecord record) => IsOpen ? record.Offset >= State.Upto : _pending.IsFull;

    /// <summary>Whether all of an open window was read.</summary>
    public bool IsWhole => IsOpen && Position >= State.Upto;

    /// <summary>Takes a record; those that it had it passes over.</summary>
    /// <returns>What became of it.</returns>
    public Taken Take(in IncomingRecord record, long now)
    {
        if (record.Offset < Position)
        {
            if (record.Offset < State.Next)
                Passed = Place(record);
            return Taken.Before;
        }

        if (Last is null)
            Since = now;
        Position = record.Offset + 1;
        Last = Place(record);
        if (record.Value is not { } value || !ClickMessage.TryRead(value, _texts, out var message))
            return Taken.NoClick;
        if (message.Publisher != 0 && !_seen.IsNew(message.Publisher, message.Sequence, record.Offset))
            return Taken.Before;
        _pending.Add(message.Number, message.At / 3600, message.Click, now);
        return Taken.Counted;
    }

    /// <summary>Its end is settled, and written down.</summary>
    public void Opened(long upto)
    {
        State = State with { Upto = upto };
        _pending.Close(PartName.Of(Partition, State.Windows));
    }

    /// <summary>Who has published what by now, as it is stored.</summary>
    public byte[] Seen() => _seen.ToBytes();

    /// <summary>It is counted for good: the next one begins.</summary>
    public void Finished()
    {
        State = new WindowState(State.Upto, State.Upto, State.Windows + 1, Seen());
        Position = Math.Max(Position, State.Next);
        _seen = new SeenPublishers(State.Seen);
        _pending.Clear();
        (Last, Passed) = (null, null);
    }

    private static IncomingRecord Place(in IncomingRecord record) => record with { Key = null, Value = null, Headers = [] };
}

/// <summary>What became of a record.</summary>
internal enum Taken
{
    /// <summary>It is a click, and is counted.</summary>
    Counted,

    /// <summary>It was counted before.</summary>
    Before,

    /// <summary>It is no click.</summary>
    NoClick,
}
