using System.Buffers.Binary;

namespace Groundwork.Platform.Caching;

/// <summary>
/// A value of <see cref="DistributedCache"/> as it lies in its space: a byte, then, where its life slides, three times of eight bytes, then the value.
/// </summary>
/// <remarks>The life that the cache counts is the one that holds; what is noted here is for giving it another one.</remarks>
internal readonly record struct DistributedEntry
{
    private const byte Plain = 0x30;
    private const byte Sliding = 0x31;
    private const int SlidingBytes = 1 + (3 * sizeof(long));

    // An end that is none.
    private const long Never = 0;

    // Below this share of its sliding time, and a second, a use is as good as the one before: so a value that is read all the time is not
    // written all the time.
    private const int Grains = 100;

    /// <summary>How long it lives from its last use, in ticks; 0 where it does not slide.</summary>
    public long SlidesBy { get; private init; }

    /// <summary>Its end whatever the uses, in ticks of UTC; 0 for none.</summary>
    public long Ends { get; private init; }

    /// <summary>When it was last used, in ticks of UTC.</summary>
    public long UsedAt { get; private init; }

    /// <summary>The value.</summary>
    public ReadOnlyMemory<byte> Value { get; private init; }

    /// <summary>Reads one.</summary>
    /// <returns>False where the bytes are something else.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, out DistributedEntry entry)
    {
        entry = default;
        var span = bytes.Span;
        if (span is [Plain, ..])
        {
            entry = new DistributedEntry { Value = bytes[1..] };
            return true;
        }

        if (span is not [Sliding, ..] || span.Length < SlidingBytes)
            return false;
        entry = new DistributedEntry
        {
            SlidesBy = BinaryPrimitives.ReadInt64LittleEndian(span[1..]),
            Ends = BinaryPrimitives.ReadInt64LittleEndian(span[9..]),
            UsedAt = BinaryPrimitives.ReadInt64LittleEndian(span[17..]),
            Value = bytes[SlidingBytes..],
        };
        return entry.SlidesBy > 0;
    }

    /// <summary>Makes room for a value, and writes what stands before it.</summary>
    /// <param name="length">The value's length.</param>
    /// <param name="slidesBy">How long it lives from its last use; null where it does not slide.</param>
    /// <param name="ends">Its end whatever the uses; null for none.</param>
    /// <param name="now">The time of this use, in ticks of UTC.</param>
    /// <param name="value">Where the value goes.</param>
    public static byte[] Begin(int length, TimeSpan? slidesBy, DateTimeOffset? ends, long now, out Memory<byte> value)
    {
        var bytes = new byte[(slidesBy is null ? 1 : SlidingBytes) + length];
        bytes[0] = slidesBy is null ? Plain : Sliding;
        if (slidesBy is { } sliding)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(1), sliding.Ticks);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(9), ends?.UtcTicks ?? Never);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(17), now);
        }

        value = bytes.AsMemory(bytes.Length - length);
        return bytes;
    }

    /// <summary>Whether a use now is to be noted.</summary>
    public bool IsDue(long now) => SlidesBy > 0 && Math.Abs(now - UsedAt) >= Math.Min(SlidesBy / Grains, TimeSpan.TicksPerSecond);

    /// <summary>The same, used now.</summary>
    /// <param name="now">The time, in ticks of UTC.</param>
    /// <param name="life">How long it lives from now; nothing or less where its end has come.</param>
    public byte[] Used(long now, out TimeSpan life)
    {
        life = TimeSpan.FromTicks(Ends == Never ? SlidesBy : Math.Min(SlidesBy, Ends - now));
        DateTimeOffset? ends = Ends == Never ? null : new DateTimeOffset(Ends, TimeSpan.Zero);
        var bytes = Begin(Value.Length, TimeSpan.FromTicks(SlidesBy), ends, now, out var value);
        Value.CopyTo(value);
        return bytes;
    }
}
