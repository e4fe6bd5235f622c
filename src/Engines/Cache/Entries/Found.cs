using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Entries;

/// <summary>
/// An entry that was looked up, or the place where it is not. Good under its shard's lock until another entry of the shard is
/// added or removed.
/// </summary>
internal unsafe struct Found
{
    private readonly Heap _heap;

    public Found(Heap heap, ulong hash, ulong* slot)
    {
        (_heap, Hash) = (heap, hash);
        Slot = slot;
    }

    /// <summary>Whether there is one.</summary>
    public readonly bool Exists => Slot is not null;

    /// <summary>The hash of its key.</summary>
    public ulong Hash { get; }

    /// <summary>Its slot in the index.</summary>
    public ulong* Slot { get; internal set; }

    /// <summary>The entry; its address changes when its value is resized or its time to live comes or goes.</summary>
    public readonly Entry* Entry => (Entry*)_heap.Address(KeyIndex.BlockOf(*Slot));

    /// <summary>How the value is kept.</summary>
    public readonly ValueForm Form => Entry->Form;

    /// <summary>What is here of the value.</summary>
    public readonly Span<byte> Value => Entries.Entry.ValueSpan(Entry);

    /// <summary>When it expires, in Unix milliseconds; -1 where it does not.</summary>
    public readonly long Deadline => Entry->Expires ? Entries.Entry.Deadline(Entry) : -1;
}
