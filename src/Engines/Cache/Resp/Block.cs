namespace Groundwork.Cache.Resp;

/// <summary>A piece of native memory that bytes pass through, in a chain of its like.</summary>
internal sealed unsafe class Block(byte* memory, int capacity)
{
    public byte* Memory { get; } = memory;

    public int Capacity { get; } = capacity;

    /// <summary>The first byte that is still to be sent.</summary>
    public int Start { get; set; }

    /// <summary>Behind the last byte.</summary>
    public int End { get; set; }

    public Block? Next { get; set; }
}
