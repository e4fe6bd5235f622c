using Groundwork.Cache.Entries;

namespace Groundwork.Cache.Commands.Keys;

/// <summary>RANDOMKEY: one of the database's keys, each about as likely as any other.</summary>
internal static unsafe class RandomKey
{
    private const int Tries = 100;

    public static void Run(Call call)
    {
        var left = Next(call, call.Keyspace.Count(call.Database));
        foreach (var shard in call.Keyspace.Shards)
        {
            var keys = shard.Counts.Keys[call.Database];
            if (left >= keys)
            {
                left -= keys;
                continue;
            }

            if (TryOne(call, shard))
                return;
        }

        // Nothing is there, or next to nothing that has time left: whatever comes first.
        foreach (var shard in call.Keyspace.Shards)
        {
            for (var bucket = 0u; bucket < shard.Index.Buckets; bucket++)
            {
                if (TryBucket(call, shard, bucket))
                    return;
            }
        }

        call.Reply.Null();
    }

    private static bool TryOne(Call call, Shard shard)
    {
        for (var i = 0; i < Tries; i++)
        {
            if (TryBucket(call, shard, (uint)Next(call, shard.Index.Buckets)))
                return true;
        }

        return false;
    }

    private static bool TryBucket(Call call, Shard shard, uint bucket)
    {
        Span<ulong> slots = stackalloc ulong[4 * KeyIndex.SlotsPerBucket];
        var count = shard.Index.Slots(bucket, slots);
        var first = count == 0 ? 0 : (int)Next(call, count);
        for (var i = 0; i < count; i++)
        {
            var entry = (Entry*)shard.Heap.Address(KeyIndex.BlockOf(slots[(first + i) % count]));
            if (entry->Database != call.Database || (entry->Expires && Entry.Deadline(entry) <= call.Now))
                continue;
            call.Reply.Bulk(Entry.KeySpan(entry));
            return true;
        }

        return false;
    }

    private static long Next(Call call, long bound)
    {
        lock (call.Engine.Random)
            return bound == 0 ? 0 : call.Engine.Random.NextInt64(bound);
    }
}
