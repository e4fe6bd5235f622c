using System.Runtime.CompilerServices;
using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Packed;

/// <summary>
/// An item too long to stand among others: its bytes in chunks of their own, one after another, each of them the next one's
/// handle and then bytes. All but the last hold a multiple of eight bytes.
/// </summary>
/// <remarks>
/// How many bytes a chunk holds follows from how many are left: the greatest block that they fill, or the least that holds them
/// all where less than an eighth of it is lost. So an item costs at most 15% more than its bytes, and no length is stored.
/// </remarks>
internal static unsafe class ItemChain
{
    private const int NextBytes = sizeof(uint);

    /// <summary>Stores bytes.</summary>
    /// <returns>The first chunk.</returns>
    public static uint Store(Chunks chunks, ReadOnlySpan<byte> bytes)
    {
        var first = 0U;
        var last = 0U;
        while (!bytes.IsEmpty)
        {
            var held = HeldOf(bytes.Length);
            var handle = chunks.Allocate(NextBytes + held);
            var at = chunks.Pointer(handle);
            Unsafe.WriteUnaligned(at, 0U);
            bytes[..held].CopyTo(new Span<byte>(at + NextBytes, held));
            if (last == 0)
                first = handle;
            else
                Unsafe.WriteUnaligned(chunks.Pointer(last), handle);
            last = handle;
            bytes = bytes[held..];
        }

        return first;
    }

    /// <summary>Frees a chain's chunks.</summary>
    public static void Free(Chunks chunks, uint handle)
    {
        while (handle != 0)
        {
            var next = Unsafe.ReadUnaligned<uint>(chunks.Pointer(handle));
            chunks.Free(handle);
            handle = next;
        }
    }

    /// <summary>Copies a chain's bytes, as many as the destination is long: all of them.</summary>
    public static void CopyTo(Chunks chunks, uint handle, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            var piece = Piece(chunks, ref handle, destination.Length);
            piece.CopyTo(destination);
            destination = destination[piece.Length..];
        }
    }

    /// <summary>Copies the first of a chain's bytes.</summary>
    /// <param name="chunks">Where they are.</param>
    /// <param name="handle">The first chunk.</param>
    /// <param name="length">How many bytes the chain has.</param>
    /// <param name="destination">As many of them as are wanted, no more than there are.</param>
    public static void CopyStart(Chunks chunks, uint handle, int length, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            var piece = Piece(chunks, ref handle, length);
            var part = piece[..Math.Min(piece.Length, destination.Length)];
            part.CopyTo(destination);
            destination = destination[part.Length..];
            length -= piece.Length;
        }
    }

    /// <summary>How a chain's bytes compare to others.</summary>
    public static int Compare(Chunks chunks, uint handle, int length, ReadOnlySpan<byte> other)
    {
        while (length > 0)
        {
            var piece = Piece(chunks, ref handle, length);
            var part = other[..Math.Min(piece.Length, other.Length)];
            var order = piece.SequenceCompareTo(part);
            if (order != 0)
                return order;
            length -= piece.Length;
            other = other[part.Length..];
        }

        return other.IsEmpty ? 0 : -1;
    }

    /// <summary>The hash of a chain's bytes.</summary>
    public static ulong Hash(Chunks chunks, uint handle, int length, HashKey key)
    {
        var hash = new KeyedHash(key);
        while (true)
        {
            var piece = Piece(chunks, ref handle, length);
            if (piece.Length == length)
                return hash.Finish(piece);
            hash.Add(piece);
            length -= piece.Length;
        }
    }

    /// <summary>The bytes of the first chunk: no fewer than a chain's least.</summary>
    public static ReadOnlySpan<byte> First(Chunks chunks, uint handle, int length) => Piece(chunks, ref handle, length);

    private static ReadOnlySpan<byte> Piece(Chunks chunks, scoped ref uint handle, int left)
    {
        var at = chunks.Pointer(handle);
        handle = Unsafe.ReadUnaligned<uint>(at);
        return new ReadOnlySpan<byte>(at + NextBytes, HeldOf(left));
    }

    private static int HeldOf(int left)
    {
        if (left > ChunkSizes.Largest - NextBytes)
            return (ChunkSizes.Largest - NextBytes) & ~7;
        var above = ChunkSizes.AtLeast(left + NextBytes);
        if (above - NextBytes - left <= above / 8 || left < ChunkSizes.WorthSplitting)
            return left;
        return (ChunkSizes.Below(above) - NextBytes) & ~7;
    }
}
