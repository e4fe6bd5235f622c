using Groundwork.Cache.Entries;

namespace Groundwork.Cache.Values;

/// <summary>What the keyspace must know of the values' forms.</summary>
internal sealed unsafe class ValueStore : IValues
{
    /// <inheritdoc/>
    public void Release(Shard shard, Entry* entry)
    {
        switch (ValueKinds.Of(entry->Form))
        {
            case ValueKind.Text:
                Texts.Release(shard, entry);
                break;
            case ValueKind.Hash:
                HashValue.Release(shard, entry);
                break;
            case ValueKind.Set:
                SetValue.Release(shard, entry);
                break;
        }
    }
}
