using System.Numerics;
using Groundwork.Cache.Entries;

namespace Groundwork.Cache.Commands;

/// <summary>Some of up to 1,024 shards, locked and freed in the order of their numbers.</summary>
internal ref struct ShardSet(Span<ulong> bits)
{
    /// <summary>How many words the bits take.</summary>
    public const int Words = 16;

    private readonly Span<ulong> _bits = bits;

    /// <summary>Adds a shard.</summary>
    public readonly void Add(Shard shard) => _bits[shard.Number >> 6] |= 1ul << (shard.Number & 63);

    /// <summary>Adds those of another set.</summary>
    public readonly void Add(ShardSet others)
    {
        for (var word = 0; word < _bits.Length; word++)
            _bits[word] |= others._bits[word];
    }

    /// <summary>Whether a shard is one of them.</summary>
    public readonly bool Contains(Shard shard) => (_bits[shard.Number >> 6] & (1ul << (shard.Number & 63))) != 0;

    /// <summary>Takes the locks, in order.</summary>
    public readonly void Enter(ReadOnlySpan<Shard> shards)
    {
        for (var word = 0; word < _bits.Length; word++)
        {
            for (var left = _bits[word]; left != 0; left &= left - 1)
                shards[(word << 6) + BitOperations.TrailingZeroCount(left)].Gate.Enter();
        }
    }

    /// <summary>Frees the locks.</summary>
    public readonly void Exit(ReadOnlySpan<Shard> shards)
    {
        for (var word = 0; word < _bits.Length; word++)
        {
            for (var left = _bits[word]; left != 0; left &= left - 1)
                shards[(word << 6) + BitOperations.TrailingZeroCount(left)].Gate.Exit();
        }
    }
}
