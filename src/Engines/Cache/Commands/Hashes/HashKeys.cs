using Groundwork.Cache.Entries;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Hashes;

/// <summary>Keys that hold hashes.</summary>
internal static class HashKeys
{
    /// <summary>Looks up the hash of the first argument, to read it; if that holds something else, that is the answer.</summary>
    public static bool TryReadHash(this Call call, out HashView hash)
    {
        var key = call.Read(1);
        hash = default;
        if (!call.Expect(key, ValueKind.Hash))
            return false;
        hash = key.Hash();
        return true;
    }

    /// <summary>Its hash; an empty one where it is not there.</summary>
    public static HashView Hash(this in Key key) => new(key.Shard, key.Found);

    /// <summary>Gives a field of its hash a value; makes the hash where it is not there.</summary>
    /// <returns>Whether the field is new.</returns>
    public static bool SetField(this ref Key key, scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value)
    {
        if (!key.Exists)
            key.Create(ValueForm.PackedHash, valueLength: 0);
        return HashValue.Set(key.Shard, ref key.Found, field, value);
    }
}
