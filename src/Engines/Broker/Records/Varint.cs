namespace Groundwork.Broker.Records;

/// <summary>Numbers of variable length as records have them: seven bits a byte, the lowest first, signs folded in (zigzag). Pure.</summary>
internal static class Varint
{
    /// <summary>The most bytes that a number takes.</summary>
    public const int MaxBytes = 10;

    /// <summary>Reads one and moves behind it; false where it does not end or is larger than 64 bits.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> from, out long value)
    {
        ulong bits = 0;
        for (var i = 0; i < from.Length && i < MaxBytes; i++)
        {
            var part = from[i];
            bits |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                from = from[(i + 1)..];
                value = (long)(bits >> 1) ^ -(long)(bits & 1);
                return i < MaxBytes - 1 || part <= 1;
            }
        }

        value = 0;
        return false;
    }

    /// <summary>Writes one; returns how many bytes it took.</summary>
    public static int Write(Span<byte> into, long value)
    {
        var bits = (ulong)((value << 1) ^ (value >> 63));
        var at = 0;
        for (; bits >= 0x80; bits >>= 7)
            into[at++] = (byte)(bits | 0x80);
        into[at++] = (byte)bits;
        return at;
    }
}
