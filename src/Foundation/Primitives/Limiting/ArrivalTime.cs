using System.Buffers.Binary;

namespace Groundwork.Primitives.Limiting;

/// <summary>
/// The theoretical arrival time of GCRA: when all that was taken would be paid back. What it lies ahead of now is owed.
/// </summary>
/// <param name="Microsecond">The time, rounded down.</param>
/// <param name="Fraction">What was rounded off, in units: below the limit's gain.</param>
internal readonly record struct ArrivalTime(long Microsecond, uint Fraction)
{
    /// <summary>How many bytes it takes.</summary>
    public const int Length = 12;

    /// <summary>What <see cref="Write"/> wrote.</summary>
    public static ArrivalTime Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]));

    /// <summary>The time at which a level, now, will be back at the limit's capacity.</summary>
    public static ArrivalTime Of(in Limit limit, long level, long now)
    {
        var owed = limit.Capacity - level;
        if (limit.Gain == 1)
            return new ArrivalTime(now + owed, 0);
        var (time, fraction) = Math.DivRem(owed, limit.Gain);
        return new ArrivalTime(now + time, (uint)fraction);
    }

    /// <summary>Writes the two numbers, the lowest byte first.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Microsecond);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], Fraction);
    }

    /// <summary>The limit's capacity without what is owed; more than all can't be owed.</summary>
    public long LevelAt(in Limit limit, long now)
    {
        var ahead = Instants.Ahead(Microsecond) - now;
        if (ahead < 0)
            return limit.Capacity;
        return ahead >= limit.RefillTime ? 0 : Math.Max(0, limit.Capacity - (ahead * limit.Gain) - Fraction);
    }
}
