using Groundwork.Cache.Entries;
using Groundwork.Cache.Memory;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Cache.Commands.Cluster;

/// <summary>
/// The keys of slots. They are not kept by slot: all keys of a shard are looked at, whose lock is held. A shard has every 2^n-th slot.
/// </summary>
internal static unsafe class SlotKeys
{
    /// <summary>How many keys a slot has.</summary>
    public static long Count(Shard shard, int slot)
    {
        var count = 0L;
        shard.Heap.ForEach(BlockKind.Entry, block =>
        {
            if (KeySlot.Of(Entry.KeySpan((Entry*)shard.Heap.Address(block))) == slot)
                count++;
        });
        return count;
    }

    /// <summary>Some keys of a slot.</summary>
    public static List<byte[]> Some(Shard shard, int slot, int most)
    {
        var keys = new List<byte[]>();
        shard.Heap.ForEach(BlockKind.Entry, block =>
        {
            var key = Entry.KeySpan((Entry*)shard.Heap.Address(block));
            if (keys.Count < most && KeySlot.Of(key) == slot)
                keys.Add(key.ToArray());
        });
        return keys;
    }

    /// <summary>Removes the keys of some slots, as a command would.</summary>
    public static void Remove(Shard shard, bool[] slots) =>
        shard.Heap.ForEach(BlockKind.Entry, block =>
        {
            if (!slots[KeySlot.Of(Entry.KeySpan((Entry*)shard.Heap.Address(block)))])
                return;
            var found = shard.At(block);
            shard.Remove(ref found, KeyChange.Written);
        });
}
