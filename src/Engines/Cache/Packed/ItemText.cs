using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Packed;

/// <summary>
/// Bytes that are to be stored as an item, or looked for among items: classified once, so that how they would be stored, in how
/// many bytes, and with which hash, is known wherever it is asked.
/// </summary>
/// <remarks>
/// The form follows from the bytes alone, so equal bytes have equal forms: whole numbers written as <c>long.ToString</c> writes
/// them become binary, text longer than <see cref="MaxInline"/> goes to a chain of chunks, all else is stored as it is.
/// <code>
/// header     what follows
/// 0x00–0x3F  text of so many bytes
/// 0x40–0xBF  nothing: a number, 0 to 127
/// 0xC0–0xDF  1 byte: a number, −4,096 to 4,095; its high bits in the header's lower five
/// 0xE0–0xEF  1 byte and text: of up to 4,095 bytes; the length's high bits in the header's lower four
/// 0xF2–0xF8  a number in two to eight bytes, little-endian; how many in the header's lower four bits
/// 0xFF       8 bytes: the length, and the first chunk of a chain
/// </code>
/// </remarks>
internal readonly unsafe ref struct ItemText
{
    /// <summary>The longest text that stands among other items, in bytes.</summary>
    public const int MaxInline = 512;

    /// <summary>What an item in a chain takes where it stands, in bytes.</summary>
    public const int ChainBytes = 9;

    /// <summary>The first number that takes no byte of its own, less its header.</summary>
    internal const int SmallNumber = 0x40;
    internal const int MediumNumber = 0xC0;
    internal const int MediumText = 0xE0;
    internal const int LargeNumber = 0xF0;
    internal const int Chain = 0xFF;
    internal const int MaxSmall = MediumNumber - SmallNumber - 1;
    internal const int MediumOffset = 4_096;

    private const int MaxDigits = 20;

    public ItemText(ReadOnlySpan<byte> bytes)
    {
        Bytes = bytes;
        if (TryParse(bytes, out var number))
        {
            IsNumber = true;
            Number = number;
            EncodedBytes = NumberBytes(number);
        }
        else
        {
            EncodedBytes = bytes.Length < SmallNumber ? 1 + bytes.Length : bytes.Length <= MaxInline ? 2 + bytes.Length : ChainBytes;
        }
    }

    /// <summary>The bytes themselves.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Whether they are stored as a number.</summary>
    public bool IsNumber { get; }

    /// <summary>The number, where they are stored as one.</summary>
    public long Number { get; }

    /// <summary>How many bytes the item takes where it stands: 1 to 514.</summary>
    public int EncodedBytes { get; }

    /// <summary>Whether they go to a chain of chunks.</summary>
    public bool IsChained => !IsNumber && Bytes.Length > MaxInline;

    /// <summary>Their hash; equal bytes have equal ones.</summary>
    public ulong Hash(HashKey key) => IsNumber ? KeyedHash.Of(key, Number) : KeyedHash.Of(key, Bytes);

    /// <summary>Writes the item, <see cref="EncodedBytes"/> of it; what does not stand here goes to new chunks.</summary>
    public void Write(byte* to, Chunks chunks)
    {
        if (IsNumber)
            WriteNumber(to, Number);
        else if (Bytes.Length < SmallNumber)
            WriteText(to, 1, (byte)Bytes.Length);
        else if (Bytes.Length <= MaxInline)
            WriteText(to, 2, (byte)(MediumText | (Bytes.Length >> 8)));
        else
            WriteChain(to, chunks);
    }

    private void WriteText(byte* to, int headerBytes, byte header)
    {
        *to = header;
        if (headerBytes == 2)
            to[1] = (byte)Bytes.Length;
        Unsafe.CopyBlockUnaligned(ref to[headerBytes], ref MemoryMarshal.GetReference(Bytes), (uint)Bytes.Length);
    }

    private void WriteChain(byte* to, Chunks chunks)
    {
        *to = Chain;
        Unsafe.WriteUnaligned(to + 1, Bytes.Length);
        Unsafe.WriteUnaligned(to + 5, ItemChain.Store(chunks, Bytes));
    }

    private static void WriteNumber(byte* to, long number)
    {
        var bytes = NumberBytes(number) - 1;
        if (bytes == 0)
        {
            *to = (byte)(SmallNumber + number);
        }
        else if (bytes == 1)
        {
            var shifted = (int)number + MediumOffset;
            to[0] = (byte)(MediumNumber | (shifted >> 8));
            to[1] = (byte)shifted;
        }
        else
        {
            *to = (byte)(LargeNumber | bytes);
            for (var i = 1; i <= bytes; i++, number >>= 8)
                to[i] = (byte)number;
        }
    }

    private static int NumberBytes(long number)
    {
        if ((ulong)number <= MaxSmall)
            return 1;
        if (number is >= -MediumOffset and < MediumOffset)
            return 2;
        var bits = 65 - System.Numerics.BitOperations.LeadingZeroCount((ulong)(number < 0 ? ~number : number));
        return 1 + ((bits + 7) / 8);
    }

    /// <summary>Whether bytes are a number just as it would be written out: no plus, no leading zero, no minus before zero.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out long number)
    {
        number = 0;
        if (bytes.IsEmpty || bytes.Length > MaxDigits)
            return false;
        var negative = bytes[0] == '-';
        var digits = negative ? bytes[1..] : bytes;
        if (digits.IsEmpty || (uint)(digits[0] - '0') > 9 || (digits[0] == '0' && bytes.Length > 1) || digits.Length == MaxDigits)
            return false;
        var magnitude = 0UL;
        foreach (var digit in digits)
        {
            var value = (uint)(digit - '0');
            if (value > 9)
                return false;
            magnitude = (magnitude * 10) + value; // 19 digits: always below 2⁶⁴
        }

        if (magnitude > (negative ? 1UL << 63 : long.MaxValue))
            return false;
        number = negative ? -(long)magnitude : (long)magnitude;
        return true;
    }
}
