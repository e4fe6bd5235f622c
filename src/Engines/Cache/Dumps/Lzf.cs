namespace Groundwork.Cache.Dumps;

/// <summary>Unpacks what Redis packs in its dumps: LibLZF's format of runs of bytes and references to what was unpacked before.</summary>
internal static class Lzf
{
    /// <summary>The most bytes that a packed byte can stand for: a reference of three bytes is at most 264.</summary>
    public const int MostPerByte = 88;

    private const int LongestRun = 32;

    /// <summary>Unpacks bytes; false where they are not just as many as there is room for, or no packed bytes at all.</summary>
    public static bool TryUnpack(ReadOnlySpan<byte> packed, Span<byte> target)
    {
        var (from, to) = (0, 0);
        while (from < packed.Length)
        {
            int control = packed[from++];
            if (control < LongestRun)
            {
                var run = control + 1;
                if (run > packed.Length - from || run > target.Length - to)
                    return false;
                packed.Slice(from, run).CopyTo(target[to..]);
                (from, to) = (from + run, to + run);
            }
            else if (!TryRefer(packed, ref from, control, target, ref to))
            {
                return false;
            }
        }

        return to == target.Length;
    }

    // Its length in the control's upper three bits, and in a byte more where those are all set; how far back in the other thirteen.
    private static bool TryRefer(ReadOnlySpan<byte> packed, ref int from, int control, Span<byte> target, ref int to)
    {
        var length = control >> 5;
        if (length == 7)
        {
            if (from == packed.Length)
                return false;
            length += packed[from++];
        }

        if (from == packed.Length)
            return false;
        var start = to - (((control & 0x1F) << 8) | packed[from++]) - 1;
        length += 2;
        if (start < 0 || length > target.Length - to)
            return false;

        // A byte at a time: it may refer to what it has just written itself.
        for (; length > 0; length--)
            target[to++] = target[start++];
        return true;
    }
}
