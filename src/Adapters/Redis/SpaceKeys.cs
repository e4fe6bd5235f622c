using System.Text;
using StackExchange.Redis;

namespace Groundwork.Redis;

/// <summary>
/// How the keys of a space are called in Redis.
/// </summary>
/// <remarks>
/// <para><c>gw:{space:key}</c> has the value, <c>gw-lease:{space:key}</c> its lease. What stands between the braces (up to the first that closes)
/// is the same, so both lie in one slot of a cluster. The lease has a prefix of its own, so that who listens to changes of
/// <c>gw:{space:</c> is not told of leases; the key's end is a brace, so that no key is how another's name begins.</para>
/// <para><c>gw:{space:}</c>, which no key of the port can have, is touched when all others have been removed. Immutable.</para>
/// </remarks>
internal sealed class SpaceKeys
{
    private readonly byte[] _leasePrefix;

    /// <summary>The names of a space's keys.</summary>
    /// <param name="space">The space's name, which has nothing in it that means something to Redis.</param>
    public SpaceKeys(string space)
    {
        Space = space;
        Prefix = Encoding.ASCII.GetBytes($"gw:{{{space}:");
        _leasePrefix = Encoding.ASCII.GetBytes($"gw-lease:{{{space}:");
        Cleared = Value([]);
    }

    /// <summary>The space's name.</summary>
    public string Space { get; }

    /// <summary>How the names of all values begin.</summary>
    public byte[] Prefix { get; }

    /// <summary>The key whose change says that all were removed.</summary>
    public byte[] Cleared { get; }

    /// <summary>The pattern of all values' names.</summary>
    public RedisValue AllValues => $"gw:{{{Space}:*";

    /// <summary>The pattern of all leases' names.</summary>
    public RedisValue AllLeases => $"gw-lease:{{{Space}:*";

    /// <summary>The name of a key's value.</summary>
    public byte[] Value(ReadOnlySpan<byte> key) => [.. Prefix, .. key, (byte)'}'];

    /// <summary>The name of a key's lease.</summary>
    public byte[] Lease(ReadOnlySpan<byte> key) => [.. _leasePrefix, .. key, (byte)'}'];

    /// <summary>The key of a value's name.</summary>
    /// <returns>False where it is no name of this space; an empty key for <see cref="Cleared"/>.</returns>
    public bool TryParse(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> key)
    {
        key = default;
        if (!name.StartsWith(Prefix) || name.Length <= Prefix.Length || name[^1] != '}')
            return false;
        key = name[Prefix.Length..^1];
        return true;
    }
}
