using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Keys;

/// <summary>OBJECT ENCODING, FREQ, IDLETIME, REFCOUNT key: they do not count as a use.</summary>
internal static unsafe class ObjectCommands
{
    // Redis keeps strings up to here in one piece with their object.
    private const int MaxEmbedded = 44;

    public static void Encoding(Call call)
    {
        var key = call.Look(2);
        if (key.Exists)
            call.Reply.Bulk(NameOf(key.Found));
        else
            call.Reply.Null();
    }

    public static void References(Call call)
    {
        if (call.Look(2).Exists)
            call.Reply.Integer(1);
        else
            call.Reply.Null();
    }

    public static void Frequency(Call call)
    {
        var key = call.Look(2);
        var use = call.Keyspace.Use;
        if (!key.Exists)
            call.Reply.Null();
        else if (!use.Policy.CountsFrequency())
            call.Reply.Error("ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust."u8);
        else
            call.Reply.Integer(use.Frequency(KeyIndex.UseOf(*key.Found.Slot), call.Now));
    }

    public static void IdleTime(Call call)
    {
        var key = call.Look(2);
        if (!key.Exists)
            call.Reply.Null();
        else if (call.Keyspace.Use.Policy.CountsFrequency())
            call.Reply.Error("ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust."u8);
        else
            call.Reply.Integer(UseClock.IdleMilliseconds(KeyIndex.UseOf(*key.Found.Slot), call.Now) / 1000);
    }

    /// <summary>What Redis 7.0 calls the way in which such a value is kept.</summary>
    public static ReadOnlySpan<byte> NameOf(Found found) => found.Form switch
    {
        ValueForm.Integer => "int"u8,
        ValueForm.Text => Texts.Length(found) <= MaxEmbedded ? "embstr"u8 : "raw"u8,
        ValueForm.LargeText => "raw"u8,
        ValueForm.PackedList or ValueForm.TreeList => "quicklist"u8,
        ValueForm.PackedHash or ValueForm.PackedSortedSet => "listpack"u8,
        ValueForm.IntegerSet => "intset"u8,
        ValueForm.TreeSortedSet => "skiplist"u8,
        _ => "hashtable"u8,
    };
}
