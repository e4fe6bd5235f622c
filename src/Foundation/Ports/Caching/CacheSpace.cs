namespace Groundwork.Ports.Caching;

/// <summary>A space of keys with a bound of its own, which nothing outside of it can touch.</summary>
/// <param name="Name">1 to 32 of <c>a–z</c>, <c>0–9</c> and <c>-</c>, but not <see cref="CacheLimits.ClientsName"/>.</param>
/// <param name="Bytes">What keys, values and the index to them may take in a process, at least <see cref="CacheLimits.MinSpaceBytes"/>. Of a shared
/// cache, what is kept near of it.</param>
/// <param name="Eviction">Who leaves when that is reached.</param>
public sealed record CacheSpace(string Name, long Bytes, CacheEviction Eviction = CacheEviction.LeastUseful);

/// <summary>Who leaves a space that is full.</summary>
public enum CacheEviction
{
    /// <summary>Whoever is least likely to be asked for again, by how often and how lately it was (TinyLFU).</summary>
    LeastUseful,

    /// <summary>Nobody: what needs memory is refused.</summary>
    Nobody,
}

/// <summary>The bounds of the port.</summary>
public static class CacheLimits
{
    /// <summary>The longest key.</summary>
    public const int MaxKeyBytes = 4096;

    /// <summary>The longest value: 16 MiB.</summary>
    public const int MaxValueBytes = 16 << 20;

    /// <summary>What the clients' own databases are called where spaces have names: no space's name.</summary>
    public const string ClientsName = "clients";

    /// <summary>The smallest space: 256 KiB.</summary>
    public const long MinSpaceBytes = 256 << 10;
}
