using System.Runtime.CompilerServices;

namespace Groundwork.Cache.Packed;

/// <summary>
/// A node of a tree above its leaves, in one chunk: how many children (four bytes), then for each its handle, how many entries
/// are below it, and a digest: no entry before the child has a larger one, none in it or behind it a smaller.
/// </summary>
/// <remarks>
/// Digests have a fixed size, whatever the keys: 16 bytes of a member are mostly enough to tell children apart, and where not,
/// the child's first entry is looked at. Whole keys as separators would make nodes as large as the largest member. A digest
/// stays when the entry it was made from goes; that of a node's first child means nothing.
/// </remarks>
internal readonly unsafe struct TreeNode<TOrder>
    where TOrder : struct, ITreeOrder
{
    private const int HeaderBytes = 4;

    private readonly byte* _at;

    public TreeNode(byte* at) => _at = at;

    /// <summary>How many children there are.</summary>
    public ref int Count => ref Unsafe.AsRef<int>(_at);

    private static int Stride => (2 * sizeof(uint)) + (TOrder.DigestWords * sizeof(ulong));

    /// <summary>How many bytes a node of so many children needs.</summary>
    public static int BytesFor(int children) => HeaderBytes + (children * Stride);

    /// <summary>A child's handle.</summary>
    public ref uint Child(int index) => ref Unsafe.AsRef<uint>(Entry(index));

    /// <summary>How many entries are below a child.</summary>
    public ref uint Below(int index) => ref Unsafe.AsRef<uint>(Entry(index) + sizeof(uint));

    /// <summary>A child's digest.</summary>
    public TreeDigest Digest(int index)
    {
        var words = Entry(index) + (2 * sizeof(uint));
        return TOrder.DigestWords switch
        {
            0 => default,
            1 => new TreeDigest(Word(words, 0), 0, 0),
            2 => new TreeDigest(Word(words, 0), Word(words, 1), 0),
            _ => new TreeDigest(Word(words, 0), Word(words, 1), Word(words, 2)),
        };
    }

    /// <summary>Gives a child another digest.</summary>
    public void SetDigest(int index, TreeDigest digest)
    {
        var words = Entry(index) + (2 * sizeof(uint));
        if (TOrder.DigestWords > 0)
            Unsafe.WriteUnaligned(words, digest.First);
        if (TOrder.DigestWords > 1)
            Unsafe.WriteUnaligned(words + sizeof(ulong), digest.Second);
        if (TOrder.DigestWords > 2)
            Unsafe.WriteUnaligned(words + (2 * sizeof(ulong)), digest.Third);
    }

    /// <summary>Puts a child before another, or at the end; there is room.</summary>
    public void Insert(int index, uint child, uint below, TreeDigest digest)
    {
        var bytes = (Count - index) * Stride;
        Buffer.MemoryCopy(Entry(index), Entry(index + 1), bytes, bytes);
        Count++;
        Child(index) = child;
        Below(index) = below;
        SetDigest(index, digest);
    }

    /// <summary>Takes a child out.</summary>
    public void Remove(int index)
    {
        Count--;
        var bytes = (Count - index) * Stride;
        Buffer.MemoryCopy(Entry(index + 1), Entry(index), bytes, bytes);
    }

    /// <summary>Moves the children from one on behind those of another node, which has the room.</summary>
    public void MoveTo(TreeNode<TOrder> target, int index)
    {
        var bytes = (Count - index) * Stride;
        Buffer.MemoryCopy(Entry(index), target.Entry(target.Count), bytes, bytes);
        target.Count += Count - index;
        Count = index;
    }

    /// <summary>How many entries are below the children before one.</summary>
    public uint Before(int index)
    {
        var sum = 0U;
        for (var i = 0; i < index; i++)
            sum += Below(i);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* Entry(int index) => _at + HeaderBytes + (index * Stride);

    private static ulong Word(byte* words, int index) => Unsafe.ReadUnaligned<ulong>(words + (index * sizeof(ulong)));
}
