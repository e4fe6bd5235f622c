using Groundwork.Cache.Entries;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Keys;

/// <summary>
/// SCAN cursor [MATCH pattern] [COUNT count] [TYPE type], KEYS pattern. A cursor is the shard's number in its upper 32 bits and
/// the shard's own cursor in the lower.
/// </summary>
internal static unsafe class Scan
{
    public static void Run(Call call)
    {
        if (!ulong.TryParse(call[1], out var cursor))
        {
            call.Reply.Error("ERR invalid cursor"u8);
            return;
        }

        if (!TryOptions(call, out var pattern, out var count, out var type))
            return;
        var found = new List<byte[]>();
        var shards = call.Keyspace.Shards;
        var number = (int)Math.Min(cursor >> 32, (ulong)shards.Length);
        var at = (uint)cursor;

        // Buckets are empty now and then: as many are looked at as Redis does at most.
        for (var left = count * 10; number < shards.Length && left > 0 && found.Count < count; left--)
        {
            // Where nothing is of the database, there is nothing to look for.
            at = shards[number].Counts.Keys[call.Database] == 0 ? 0 : Collect(call, shards[number], at, pattern, type, found);
            if (at == 0)
                number++;
        }

        call.Reply.ArrayHeader(2);
        call.Reply.BulkInteger(number == shards.Length ? 0 : ((long)number << 32) | at);
        call.Reply.ArrayHeader(found.Count);
        foreach (var key in found)
            call.Reply.Bulk(key);
    }

    public static void RunAll(Call call)
    {
        var found = new List<byte[]>();
        var pattern = call[1].ToArray();
        foreach (var shard in call.Keyspace.Shards)
        {
            var at = 0u;
            do
            {
                at = Collect(call, shard, at, pattern, type: null, found);
            }
            while (at != 0);
        }

        call.Reply.ArrayHeader(found.Count);
        foreach (var key in found)
            call.Reply.Bulk(key);
    }

    private static uint Collect(Call call, Shard shard, uint cursor, byte[]? pattern, ValueKind? type, List<byte[]> found) =>
        shard.Index.Scan(cursor, block =>
        {
            var entry = (Entry*)shard.Heap.Address(block);
            if (entry->Database != call.Database || (entry->Expires && Entry.Deadline(entry) <= call.Now))
                return;
            if (type is { } kind && ValueKinds.Of(entry->Form) != kind)
                return;
            if (pattern is null || Glob.Matches(pattern, Entry.KeySpan(entry)))
                found.Add(Entry.KeySpan(entry).ToArray());
        });

    private static bool TryOptions(Call call, out byte[]? pattern, out long count, out ValueKind? type)
    {
        (pattern, count, type) = (null, 10, null);
        for (var i = 2; i < call.Count; i += 2)
        {
            if (i + 1 == call.Count)
            {
                call.Reply.SyntaxError();
                return false;
            }

            if (call.Is(i, "match"u8))
            {
                pattern = call[i + 1].ToArray();
            }
            else if (call.Is(i, "type"u8))
            {
                type = ValueKinds.Parse(call[i + 1]);
            }
            else if (!call.Is(i, "count"u8))
            {
                call.Reply.SyntaxError();
                return false;
            }
            else if (!call.TryInteger(i + 1, out count))
            {
                return false;
            }
            else if (count < 1)
            {
                call.Reply.SyntaxError();
                return false;
            }
        }

        return true;
    }
}
