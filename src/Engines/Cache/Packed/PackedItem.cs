using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Packed;

/// <summary>
/// One stored item, where it stands: bytes of any length, in one of the forms that <see cref="ItemText"/> describes. Good until
/// what it stands in is next changed.
/// </summary>
internal readonly unsafe struct PackedItem(byte* at)
{
    /// <summary>The bytes that a number may need when written out.</summary>
    public const int ScratchBytes = 20;

    /// <summary>Where it stands.</summary>
    public byte* At => at;

    /// <summary>Whether it is stored as a number.</summary>
    public bool IsNumber => *at is >= ItemText.SmallNumber and < ItemText.MediumText or > ItemText.LargeNumber and < ItemText.Chain;

    /// <summary>Whether its bytes are in a chain of chunks, not here.</summary>
    public bool IsChained => *at == ItemText.Chain;

    /// <summary>How many bytes it takes where it stands.</summary>
    public int EncodedBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            int header = *at;
            return header < ItemText.SmallNumber ? 1 + header : LongEncodedBytes(header);
        }
    }

    /// <summary>How many bytes it is, written out.</summary>
    public int Length
    {
        get
        {
            int header = *at;
            if (header < ItemText.SmallNumber)
                return header;
            if (IsNumber)
                return Digits(Number);
            return header == ItemText.Chain ? Unsafe.ReadUnaligned<int>(at + 1) : MediumLength(header);
        }
    }

    /// <summary>The number, where it is stored as one.</summary>
    public long Number
    {
        get
        {
            int header = *at;
            if (header < ItemText.MediumNumber)
                return header - ItemText.SmallNumber;
            if (header < ItemText.MediumText)
                return (((header & 0x1F) << 8) | at[1]) - ItemText.MediumOffset;
            var bytes = header & 0x0F;
            long number = (sbyte)at[bytes];
            for (var i = bytes - 1; i > 0; i--)
                number = (number << 8) | at[i];
            return number;
        }
    }

    /// <summary>The first chunk of its chain, where it has one.</summary>
    public uint ChainHandle => Unsafe.ReadUnaligned<uint>(at + 5);

    /// <summary>Its bytes in one piece: where they stand, or, of a number, written to the scratch space.</summary>
    /// <param name="scratch">At least <see cref="ScratchBytes"/>.</param>
    /// <returns>False of an item in a chain: its bytes are copied, see <see cref="CopyTo"/>.</returns>
    public bool TryGetBytes(Span<byte> scratch, out ReadOnlySpan<byte> bytes)
    {
        int header = *at;
        if (header < ItemText.SmallNumber)
        {
            bytes = new ReadOnlySpan<byte>(at + 1, header);
        }
        else if (header == ItemText.Chain)
        {
            bytes = default;
            return false;
        }
        else if (IsNumber)
        {
            Utf8Formatter.TryFormat(Number, scratch, out var written);
            bytes = scratch[..written];
        }
        else
        {
            bytes = new ReadOnlySpan<byte>(at + 2, MediumLength(header));
        }

        return true;
    }

    /// <summary>Copies its bytes, <see cref="Length"/> of them.</summary>
    public void CopyTo(Chunks chunks, Span<byte> destination)
    {
        Span<byte> scratch = stackalloc byte[ScratchBytes];
        if (TryGetBytes(scratch, out var bytes))
            bytes.CopyTo(destination);
        else
            ItemChain.CopyTo(chunks, ChainHandle, destination[..Length]);
    }

    /// <summary>Its bytes as an array of their own.</summary>
    public byte[] ToArray(Chunks chunks)
    {
        var bytes = new byte[Length];
        CopyTo(chunks, bytes);
        return bytes;
    }

    /// <summary>The first of its bytes as an array of their own, so many at most.</summary>
    public byte[] ToArray(Chunks chunks, int most)
    {
        var length = Length;
        if (length <= most)
            return ToArray(chunks);
        var start = new byte[most];
        Span<byte> scratch = stackalloc byte[ScratchBytes];
        if (TryGetBytes(scratch, out var bytes))
            bytes[..most].CopyTo(start);
        else
            ItemChain.CopyStart(chunks, ChainHandle, length, start);
        return start;
    }

    /// <summary>Whether it is just these bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Is(in ItemText text, Chunks chunks)
    {
        int header = *at;
        if (header < ItemText.SmallNumber)
            return header == text.Bytes.Length && !text.IsNumber && new ReadOnlySpan<byte>(at + 1, header).SequenceEqual(text.Bytes);
        return IsLong(text, chunks);
    }

    /// <summary>How it compares to other bytes, byte by byte; what is a prefix comes first.</summary>
    public int CompareTo(ReadOnlySpan<byte> other, Chunks chunks)
    {
        Span<byte> scratch = stackalloc byte[ScratchBytes];
        return TryGetBytes(scratch, out var bytes) ? bytes.SequenceCompareTo(other) : ItemChain.Compare(chunks, ChainHandle, Length, other);
    }

    /// <summary>Its hash, equal to that of the text it was made from.</summary>
    public ulong Hash(HashKey key, Chunks chunks)
    {
        int header = *at;
        if (header < ItemText.SmallNumber)
            return KeyedHash.Of(key, new ReadOnlySpan<byte>(at + 1, header));
        if (IsNumber)
            return KeyedHash.Of(key, Number);
        return header == ItemText.Chain
            ? ItemChain.Hash(chunks, ChainHandle, Length, key)
            : KeyedHash.Of(key, new ReadOnlySpan<byte>(at + 2, MediumLength(header)));
    }

    /// <summary>Its first sixteen bytes as two numbers that compare as the bytes do; what is missing counts as zero.</summary>
    public (ulong First, ulong Second) Prefix(Chunks chunks)
    {
        Span<byte> scratch = stackalloc byte[ScratchBytes];
        return PrefixOf(TryGetBytes(scratch, out var bytes) ? bytes : ItemChain.First(chunks, ChainHandle, Length));
    }

    /// <summary>The first sixteen bytes of any, likewise.</summary>
    public static (ulong First, ulong Second) PrefixOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 16)
        {
            Span<byte> padded = stackalloc byte[16];
            padded.Clear();
            bytes.CopyTo(padded);
            return (BinaryPrimitives.ReadUInt64BigEndian(padded), BinaryPrimitives.ReadUInt64BigEndian(padded[8..]));
        }

        return (BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
    }

    /// <summary>Gives back the chunks it has elsewhere; where it stands is the caller's.</summary>
    public void Release(Chunks chunks)
    {
        if (*at == ItemText.Chain)
            ItemChain.Free(chunks, ChainHandle);
    }

    private int LongEncodedBytes(int header)
    {
        if (header < ItemText.MediumNumber)
            return 1;
        if (header < ItemText.MediumText)
            return 2;
        if (header < ItemText.LargeNumber)
            return 2 + MediumLength(header);
        return header == ItemText.Chain ? ItemText.ChainBytes : 1 + (header & 0x0F);
    }

    private bool IsLong(in ItemText text, Chunks chunks)
    {
        if (IsNumber)
            return text.IsNumber && text.Number == Number;
        if (text.IsNumber || text.Bytes.Length != Length)
            return false;
        return *at == ItemText.Chain
            ? ItemChain.Compare(chunks, ChainHandle, Length, text.Bytes) == 0
            : new ReadOnlySpan<byte>(at + 2, text.Bytes.Length).SequenceEqual(text.Bytes);
    }

    private int MediumLength(int header) => ((header & 0x0F) << 8) | at[1];

    private static int Digits(long number)
    {
        var magnitude = number < 0 ? (ulong)-number : (ulong)number;
        var digits = number < 0 ? 2 : 1;
        for (; magnitude >= 10; magnitude /= 10)
            digits++;
        return digits;
    }
}
