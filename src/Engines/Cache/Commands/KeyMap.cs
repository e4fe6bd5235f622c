using System.Diagnostics.CodeAnalysis;
using Groundwork.Cache.Entries;

namespace Groundwork.Cache.Commands;

/// <summary>What is kept for keys by name: found without a copy of the name. Not thread-safe: under the shard's lock.</summary>
internal sealed class KeyMap<T>(ulong seed)
{
    private readonly Dictionary<byte[], T>?[] _databases = new Dictionary<byte[], T>?[Keyspace.Databases];

    /// <summary>How many keys there are.</summary>
    public int Count { get; private set; }

    /// <summary>Finds what is kept for a key.</summary>
    public bool TryGet(int database, ReadOnlySpan<byte> name, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        return Count > 0 && _databases[database] is { } map && map.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out value);
    }

    /// <summary>Keeps something for a key, in the place of what was kept.</summary>
    public void Set(int database, ReadOnlySpan<byte> name, T value)
    {
        var map = _databases[database] ??= new Dictionary<byte[], T>(new ByteComparer(seed));
        Count -= map.Count;
        map.GetAlternateLookup<ReadOnlySpan<byte>>()[name] = value;
        Count += map.Count;
    }

    /// <summary>Forgets a key.</summary>
    public void Remove(int database, ReadOnlySpan<byte> name)
    {
        if (_databases[database] is { } map && map.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(name))
            Count--;
    }

    /// <summary>All that is kept in a database.</summary>
    public IEnumerable<KeyValuePair<byte[], T>> All(int database) => _databases[database] ?? Enumerable.Empty<KeyValuePair<byte[], T>>();
}
