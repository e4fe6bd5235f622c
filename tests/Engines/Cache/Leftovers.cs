using Groundwork.Cache.Commands;

namespace Groundwork.Cache.Tests;

/// <summary>What a keyspace holds when all its keys are gone: nothing, once upkeep has freed what is left of large values.</summary>
internal static class Leftovers
{
    public static void AssertNone(CacheEngine engine)
    {
        while (engine.Maintain(64))
        {
        }

        foreach (var shard in engine.Keyspace.Shards)
            Assert.Equal((0L, 0L), (shard.Heap.BlockBytes, shard.Chunks.Bytes));
    }
}
