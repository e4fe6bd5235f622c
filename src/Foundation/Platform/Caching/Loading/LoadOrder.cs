namespace Groundwork.Platform.Caching;

/// <summary>What is to be loaded, and how it is kept.</summary>
/// <param name="Key">The key's bytes.</param>
/// <param name="Codec">How its value lies there.</param>
/// <param name="Lives">How long it is served.</param>
/// <param name="Tags">What it is removed by beside its key.</param>
/// <param name="Load">Reads the latest state from the store; null where there is nothing.</param>
internal sealed record LoadOrder<TValue>(
    byte[] Key, IValueCodec<TValue> Codec, ValueLives Lives, byte[][] Tags, Func<CancellationToken, ValueTask<TValue?>> Load)
    where TValue : class;

/// <summary>What a load resulted in.</summary>
/// <param name="Value">The value; null where there is nothing.</param>
/// <param name="From">Where it came from.</param>
internal readonly record struct Loaded<TValue>(TValue? Value, LoadedFrom From)
    where TValue : class;

/// <summary>Where a value came from.</summary>
internal enum LoadedFrom
{
    /// <summary>The store.</summary>
    Store,

    /// <summary>The cache, and it is fresh: somebody has loaded it meanwhile.</summary>
    Cache,

    /// <summary>The cache, past its life: somebody else loads.</summary>
    Stale,
}

/// <summary>How a value in the cache stands to a reader.</summary>
internal enum EntryState
{
    /// <summary>There is none that can be read.</summary>
    Missing,

    /// <summary>It takes waiting to know.</summary>
    Unknown,

    /// <summary>It is served.</summary>
    Fresh,

    /// <summary>It is served, and this reader is to refresh it.</summary>
    Due,

    /// <summary>It is past its life, but not past its last use.</summary>
    Stale,
}
