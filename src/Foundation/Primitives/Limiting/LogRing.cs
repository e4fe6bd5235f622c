using System.Buffers.Binary;

namespace Groundwork.Primitives.Limiting;

/// <summary>The bytes of a sliding log, read: a ring of takes in the order of their times, which grows by doubling.</summary>
/// <remarks>
/// <para>A head of 16 bytes: the base of all times (8), the index of the oldest entry (2), how many there are (2), what they cost
/// together (4). Then 8 bytes an entry, the slots of the ring: the time since the base above the lowest 14 bits, the cost in these.</para>
/// <para>Moving in time and forgetting change these fields only; nothing is written before <see cref="Append"/> or
/// <see cref="Save"/>. Damaged bytes give wrong counts, held within their bounds.</para>
/// </remarks>
internal struct LogRing
{
    /// <summary>What comes before the entries.</summary>
    public const int HeadLength = 16;

    /// <summary>An entry.</summary>
    public const int EntryLength = 8;

    private const int CostBits = 14;
    private const int CostMask = (1 << CostBits) - 1;
    private const int FirstSlots = 4;

    // 35 years after the base, times are counted from another.
    private const long MaxOffset = 1L << (63 - CostBits);

    private long _base;
    private int _head;
    private int _slots;

    /// <summary>How many entries there are.</summary>
    public int Count { get; private set; }

    /// <summary>What they cost together.</summary>
    public long Used { get; private set; }

    /// <summary>The length in bytes to keep.</summary>
    public readonly int Length => HeadLength + (EntryLength * _slots);

    /// <summary>Reads what was kept; nothing, where it is no log.</summary>
    public static LogRing Read(in Limit limit, ReadOnlySpan<byte> state)
    {
        var ring = default(LogRing);
        var slots = (state.Length - HeadLength) / EntryLength;
        if (state.Length < HeadLength || slots > limit.Permits || state.Length != HeadLength + (slots * EntryLength))
            return ring;
        int head = BinaryPrimitives.ReadUInt16LittleEndian(state[8..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(state[10..]);
        if (count > slots || (head >= slots && head > 0))
            return ring;
        ring._base = Instants.Within(BinaryPrimitives.ReadInt64LittleEndian(state));
        (ring._head, ring._slots, ring.Count) = (head, slots, count);
        ring.Used = count == 0 ? 0 : Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(state[12..]), count, limit.Permits);
        return ring;
    }

    /// <summary>Forgets what is a period old, and puts what would lie ahead of now back to it, the older entries by as much.</summary>
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
            (Count, Used, _head, _slots) = (0, 0, 0, 0);
            return;
        }

        // The newest stays. What claims to be newer than it is damage, which must not hold up the rest.
        while (Time(state, 0) is var time && (now - time >= limit.Period || time > newest))
        {
            Used = Math.Max(1, Used - Cost(state, 0));
            Count--;
            _head = _head + 1 == _slots ? 0 : _head + 1;
        }
    }

    /// <summary>When an entry was taken, from the oldest.</summary>
    public readonly long Time(ReadOnlySpan<byte> state, int index) => _base + (long)(Entry(state, index) >> CostBits);

    /// <summary>What an entry took, from the oldest.</summary>
    public readonly int Cost(ReadOnlySpan<byte> state, int index) => (int)(Entry(state, index) & CostMask);

    /// <summary>Adds a take at a time not before the newest; one at the same time becomes part of it.</summary>
    public void Append(in Limit limit, Span<byte> state, long now, int cost)
    {
        Used += cost;
        if (Count > 0 && Time(state, Count - 1) == now)
        {
            Put(state, Count - 1, now, Math.Min(CostMask, Cost(state, Count - 1) + cost));
            return;
        }

        // More entries than permits are damage.
        if (Count >= limit.Permits)
            (Count, Used, _head) = (0, cost, 0);
        if (Count == 0)
            _base = now;
        else if (now - _base >= MaxOffset)
            Rebase(state);
        if (Count == _slots)
            Grow(limit, state);
        Put(state, Count++, now, cost);
    }

    /// <summary>Writes the head; entries stand already.</summary>
    public readonly void Save(Span<byte> state)
    {
        BinaryPrimitives.WriteInt64LittleEndian(state, _base);
        BinaryPrimitives.WriteUInt16LittleEndian(state[8..], (ushort)_head);
        BinaryPrimitives.WriteUInt16LittleEndian(state[10..], (ushort)Count);
        BinaryPrimitives.WriteInt32LittleEndian(state[12..], (int)Used);
    }

    private readonly int Offset(int index)
    {
        var slot = _head + index;
        return HeadLength + (EntryLength * (slot >= _slots ? slot - _slots : slot));
    }

    private readonly ulong Entry(ReadOnlySpan<byte> state, int index) => BinaryPrimitives.ReadUInt64LittleEndian(state[Offset(index)..]);

    private readonly void Put(Span<byte> state, int index, long time, int cost) =>
        BinaryPrimitives.WriteUInt64LittleEndian(state[Offset(index)..], ((ulong)(time - _base) << CostBits) | (uint)cost);

    private void Rebase(Span<byte> state)
    {
        var oldest = Time(state, 0);
        var shift = (ulong)(oldest - _base) << CostBits;
        for (var i = 0; i < Count; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(state[Offset(i)..], Entry(state, i) - shift);
        _base = oldest;
    }

    // The entries from the head to the end move to the new end; the ring goes on from there.
    private void Grow(in Limit limit, Span<byte> state)
    {
        var slots = (int)Math.Min(limit.Permits, Math.Max(FirstSlots, 2 * _slots));
        if (_head > 0)
        {
            var (from, to) = (HeadLength + (EntryLength * _head), HeadLength + (EntryLength * (_head + slots - _slots)));
            state[from..Length].CopyTo(state[to..]);
            _head += slots - _slots;
        }

        _slots = slots;
    }
}
