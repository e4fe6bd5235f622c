namespace Groundwork.Cache.Resp;

/// <summary>A piece of memory that bytes pass through, in a chain of its like.</summary>
internal sealed unsafe class Block(byte* memory, int capacity)
{
    private readonly byte[]? _array;

    /// <summary>One in an array that does not move, and that nobody need give back.</summary>
    public Block(byte[] pinned)
        : this((byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref pinned[0]), pinned.Length) => _array = pinned;

    /// <summary>Whether the garbage collector sees to it.</summary>
    public bool IsCollected => _array is not null;

    public byte* Memory { get; } = memory;

    public int Capacity { get; } = capacity;

    /// <summary>The first byte that is still to be sent.</summary>
    public int Start { get; set; }

    /// <summary>Behind the last byte.</summary>
    public int End { get; set; }

    public Block? Next { get; set; }
}
