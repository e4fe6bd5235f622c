using Groundwork.Cache.Entries;
using Groundwork.Cache.Memory;
using Groundwork.Cache.Packed;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.SortedSets;

/// <summary>Keys that hold sorted sets.</summary>
internal static class SortedSetKeys
{
    /// <summary>Looks up the sorted set of an argument, to read it; if that holds something else, that is the answer.</summary>
    public static bool TryReadSortedSet(this Call call, int argument, out SortedSetView set)
    {
        var key = call.Read(argument);
        set = default;
        if (!call.Expect(key, ValueKind.SortedSet))
            return false;
        set = key.SortedSet();
        return true;
    }

    /// <summary>Its sorted set; an empty one where it is not there.</summary>
    public static SortedSetView SortedSet(this in Key key) => new(key.Shard, key.Found);

    /// <summary>Adds a member that is not there to its sorted set; makes the set where it is not there.</summary>
    public static void AddMember(this ref Key key, double score, scoped ReadOnlySpan<byte> member)
    {
        if (!key.Exists)
            key.Create(ValueForm.PackedSortedSet, valueLength: 0);
        SortedSetValue.Add(key.Shard, ref key.Found, score, member);
    }

    /// <summary>Takes the members of ranks out of its sorted set, and removes it with the last of them; others are told.</summary>
    public static void Cut(this ref Key key, uint rank, uint count)
    {
        if (count == key.SortedSet().Count)
        {
            key.Remove();
            return;
        }

        SortedSetValue.RemoveRange(key.Shard, ref key.Found, rank, count);
        key.Changed();
    }

    /// <summary>Puts a result under the first argument, in the place of what it holds, and answers how many members that has.</summary>
    public static void Store(this Call call, SortedSetBuilder result)
    {
        var key = call.Look(1);
        var count = result.Count;
        if (count > 0)
        {
            result.Store(ref key.Found, key.Database, key.Name, call.Keyspace.Use.Begin(call.Now));
            key.Changed();
        }
        else
        {
            key.Clear();
        }

        call.Reply.Integer(count);
    }

    /// <summary>A member with its score as an answer: a pair of its own in the protocol's newer version.</summary>
    public static void Pair(this Call call, PackedItem member, double score, Chunks chunks)
    {
        if (call.Reply.Protocol == 3)
            call.Reply.ArrayHeader(2);
        call.Reply.Bulk(member, chunks);
        call.Reply.Double(score);
    }

    /// <summary>So many members with their scores follow.</summary>
    public static void PairsHeader(this Call call, long count) => call.Reply.ArrayHeader(call.Reply.Protocol == 3 ? count : count * 2);
}
