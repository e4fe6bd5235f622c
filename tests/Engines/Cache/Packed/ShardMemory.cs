using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Tests.Packed;

/// <summary>The memory of a shard, as collections get it.</summary>
internal static class ShardMemory
{
    public static Chunks Create()
    {
        var pool = new PagePool(limit: 0);
        return new Chunks(new Heap(pool), pool);
    }
}
