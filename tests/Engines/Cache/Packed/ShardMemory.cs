using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Tests.Packed;

/// <summary>The memory of a shard, as collections get it.</summary>
internal static class ShardMemory
{
    public static Chunks Create() => new();
}
