using System.Runtime.CompilerServices;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands;

/// <summary>
/// Fetches what the next commands will look up, while those before them run: a lookup waits for memory twice, for the bucket of the index and
/// for the entry, and of many commands that came together the waits can pass at the same time.
/// </summary>
/// <remarks>Nothing is locked and nothing is decided: what is fetched may be the wrong thing by the time that it is needed.</remarks>
internal static unsafe class KeyLookahead
{
    // More would be pushed out of the nearest cache again before they are used.
    private const int Group = 8;

    /// <summary>Looks at requests which have come and are not run yet.</summary>
    /// <param name="keyspace">Where they will look their keys up.</param>
    /// <param name="database">The database there.</param>
    /// <param name="data">Where the first begins.</param>
    /// <param name="length">How many bytes there are.</param>
    /// <returns>How many requests it looked at.</returns>
    [SkipLocalsInit]
    public static int Fetch(Keyspace keyspace, int database, byte* data, int length)
    {
        var buckets = stackalloc byte*[Group];
        var hashes = stackalloc ulong[Group];
        Span<int> shards = stackalloc int[Group];
        var count = 0;
        for (var requests = 0; ; requests++)
        {
            if (requests == Group || RequestPeek.TryFind(data, length, out var key) is var used && used == 0)
            {
                FetchEntries(keyspace, buckets, hashes, shards[..count]);
                return requests;
            }

            data += used;
            length -= used;
            if (key.IsEmpty)
                continue;
            var shard = keyspace.ShardOf(key);
            var hash = shard.Index.HashOf(database, key);
            buckets[count] = shard.Index.FetchBucket(hash);
            (hashes[count], shards[count]) = (hash, shard.Number);
            count++;
        }
    }

    private static void FetchEntries(Keyspace keyspace, byte** buckets, ulong* hashes, ReadOnlySpan<int> shards)
    {
        for (var i = 0; i < shards.Length; i++)
            keyspace.Shards[shards[i]].Index.FetchEntry(buckets[i], hashes[i]);
    }
}
