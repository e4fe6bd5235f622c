using System.Buffers.Binary;

namespace Groundwork.Primitives.Limiting;

/// <summary>The bytes of a concurrency limit, read: who holds how much since when, in the order in which they came.</summary>
/// <remarks>
/// <para>A head of 12 bytes: the base of all times (8), what is held in all (4). Then 16 bytes a holder: its id (8), and the time
/// since the base above the lowest 14 bits, the permits in these (8).</para>
/// <para>Moving in time changes these fields only; nothing is written before <see cref="Drop"/> and what comes after it. Damaged
/// bytes give wrong counts, held within their bounds.</para>
/// </remarks>
internal struct Holders
{
    /// <summary>What comes before the holders.</summary>
    public const int HeadLength = 12;

    /// <summary>A holder.</summary>
    public const int EntryLength = 16;

    private const int IdLength = 8;
    private const int CostBits = 14;
    private const int CostMask = (1 << CostBits) - 1;

    // 35 years after the base, times are counted from another.
    private const long MaxOffset = 1L << (63 - CostBits);

    private long _base;
    private int _first;

    /// <summary>How many holders there are.</summary>
    public int Count { get; private set; }

    /// <summary>What they hold together.</summary>
    public long Used { get; private set; }

    /// <summary>The length in bytes to keep: none, where nobody is there.</summary>
    public readonly int Length => Count == 0 ? 0 : HeadLength + (EntryLength * Count);

    /// <summary>Reads what was kept; nothing, where it is no such list.</summary>
    public static Holders Read(in Limit limit, ReadOnlySpan<byte> state)
    {
        var list = default(Holders);
        var count = (state.Length - HeadLength) / EntryLength;
        if (state.Length <= HeadLength || count > limit.Permits || state.Length != HeadLength + (count * EntryLength))
            return list;
        list._base = Instants.Within(BinaryPrimitives.ReadInt64LittleEndian(state));
        list.Count = count;
        list.Used = Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(state[8..]), count, limit.Permits);
        return list;
    }

    /// <summary>Passes over those whose life is over, and puts who would have come after now back to it, the others by as much.</summary>
    public void MoveTo(in Limit limit, ReadOnlySpan<byte> state, long now)
    {
        if (Count == 0)
            return;
        var newest = Time(state, Count - 1);
        if (newest > now)
        {
            _base -= newest - now;
            newest = now;
        }

        if (now - newest >= limit.Period)
        {
            (Count, Used, _first) = (0, 0, 0);
            return;
        }

        // The newest stays. What claims to be newer than it is damage, which must not hold up the rest.
        while (Time(state, 0) is var time && (now - time >= limit.Period || time > newest))
        {
            Used = Math.Max(1, Used - Cost(state, 0));
            Count--;
            _first++;
        }
    }

    /// <summary>When a holder came, from the one that is there the longest.</summary>
    public readonly long Time(ReadOnlySpan<byte> state, int index) => _base + (long)(Entry(state, index) >> CostBits);

    /// <summary>What a holder has.</summary>
    public readonly int Cost(ReadOnlySpan<byte> state, int index) => (int)(Entry(state, index) & CostMask);

    /// <summary>Where a holder is; below zero where it is not.</summary>
    public readonly int IndexOf(ReadOnlySpan<byte> state, ulong holder)
    {
        for (var i = 0; i < Count; i++)
        {
            if (BinaryPrimitives.ReadUInt64LittleEndian(state[Offset(i)..]) == holder)
                return i;
        }

        return -1;
    }

    /// <summary>Takes those out that were passed over.</summary>
    public void Drop(Span<byte> state)
    {
        if (_first == 0)
            return;
        state.Slice(Offset(0), EntryLength * Count).CopyTo(state[HeadLength..]);
        _first = 0;
    }

    /// <summary>Takes a holder out.</summary>
    public void Remove(Span<byte> state, int index)
    {
        Used = Math.Max(Count - 1, Used - Cost(state, index));
        state.Slice(Offset(index + 1), EntryLength * (Count - index - 1)).CopyTo(state[Offset(index)..]);
        Count--;
    }

    /// <summary>Adds a holder that comes now, after <see cref="Drop"/>.</summary>
    public void Append(in Limit limit, Span<byte> state, ulong holder, long now, int cost)
    {
        // More holders than permits are damage.
        if (Count >= limit.Permits)
            (Count, Used) = (0, 0);
        if (Count == 0)
            _base = now;
        else if (now - _base >= MaxOffset)
            Rebase(state);
        var entry = state[Offset(Count)..];
        BinaryPrimitives.WriteUInt64LittleEndian(entry, holder);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[IdLength..], ((ulong)(now - _base) << CostBits) | (uint)cost);
        Count++;
        Used += cost;
    }

    /// <summary>Writes the head; holders stand already.</summary>
    public readonly void Save(Span<byte> state)
    {
        if (Count == 0)
            return;
        BinaryPrimitives.WriteInt64LittleEndian(state, _base);
        BinaryPrimitives.WriteInt32LittleEndian(state[8..], (int)Used);
    }

    private readonly int Offset(int index) => HeadLength + (EntryLength * (_first + index));

    private readonly ulong Entry(ReadOnlySpan<byte> state, int index) =>
        BinaryPrimitives.ReadUInt64LittleEndian(state[(Offset(index) + IdLength)..]);

    private void Rebase(Span<byte> state)
    {
        var oldest = Time(state, 0);
        var shift = (ulong)(oldest - _base) << CostBits;
        for (var i = 0; i < Count; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(state[(Offset(i) + IdLength)..], Entry(state, i) - shift);
        _base = oldest;
    }
}
