using System.Text;
using Groundwork.Cache.Commands.Keys;
using Groundwork.Cache.Commands.Server;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Cache.Values;
using Groundwork.Ports.Caching.Inspection;

namespace Groundwork.Cache.Inspection;

/// <summary>Reads a key that was found, under its shard's lock; what it gives is good without.</summary>
internal static unsafe class KeyReader
{
    /// <summary>The key from outside.</summary>
    public static KeySummary Summarize(Shard shard, Found found) => new(
        Entry.KeySpan(found.Entry).ToArray(),
        TypeOf(found.Form),
        Encoding.ASCII.GetString(ObjectCommands.NameOf(found)),
        MemoryCommands.BytesOf(shard, found),
        found.Deadline < 0 ? null : TimeOf(found.Deadline));

    /// <summary>The key with a part of what it holds.</summary>
    public static KeyDetail Read(Keyspace keyspace, Shard shard, Found found, ElementQuery query)
    {
        var page = new ElementPage(query.Count, query.Bytes, ElementQuery.MaxPageBytes);
        var next = page.Read(shard, found, query.Cursor);
        var use = KeyIndex.UseOf(*found.Slot);
        var counts = keyspace.Use.Policy.CountsFrequency();
        return new KeyDetail(
            Summarize(shard, found),
            ElementPage.LengthOf(shard, found),
            counts ? null : TimeSpan.FromMilliseconds(UseClock.IdleMilliseconds(use, keyspace.Now)),
            counts ? keyspace.Use.Frequency(use, keyspace.Now) : null,
            ValueVersion.Of(shard, found),
            page.Elements,
            next);
    }

    /// <summary>What is kept in a form.</summary>
    public static CachedType TypeOf(ValueForm form) => ValueKinds.Of(form) switch
    {
        ValueKind.Text => CachedType.String,
        ValueKind.List => CachedType.List,
        ValueKind.Hash => CachedType.Hash,
        ValueKind.Set => CachedType.Set,
        _ => CachedType.SortedSet,
    };

    // A deadline may lie further ahead than a date can.
    private static DateTimeOffset TimeOf(long deadline) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(deadline, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
}
