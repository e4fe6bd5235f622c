using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Ports.Caching.Inspection;

namespace Groundwork.Cache.Inspection;

/// <summary>
/// Shows the keys of a keyspace, a bucket at a time under its shard's lock. A cursor is SCAN's: the shard's number in its upper 32
/// bits and the shard's own cursor in the lower.
/// </summary>
internal static unsafe class KeyWalk
{
    private const int MaxBuckets = KeyQuery.MaxLooked / KeyIndex.SlotsPerBucket;

    public static KeyPage Read(Keyspace keyspace, KeyQuery query)
    {
        var (now, found) = (keyspace.Now, new List<KeySummary>());
        var shards = keyspace.Shards;
        var number = (int)Math.Min(query.Cursor >> 32, (ulong)shards.Length);
        var at = (uint)query.Cursor;
        for (var left = MaxBuckets; number < shards.Length && left > 0 && found.Count < query.Count; left--)
        {
            var shard = shards[number];
            lock (shard.Gate)
                at = shard.Counts.Keys[query.Database] == 0 ? 0 : ShowBucket(shard, at, query, now, found);
            if (at == 0)
                number++;
        }

        return new KeyPage(found, number == shards.Length ? null : ((ulong)number << 32) | at);
    }

    private static uint ShowBucket(Shard shard, uint at, KeyQuery query, long now, List<KeySummary> found) =>
        shard.Index.Scan(at, block =>
        {
            var entry = (Entry*)shard.Heap.Address(block);
            if (entry->Database != query.Database || (entry->Expires && Entry.Deadline(entry) <= now))
                return;
            if (query.Type is { } type && KeyReader.TypeOf(entry->Form) != type)
                return;
            if (query.Pattern.IsEmpty || Glob.Matches(query.Pattern.Span, Entry.KeySpan(entry)))
                found.Add(KeyReader.Summarize(shard, shard.At(block)));
        });
}
