namespace Groundwork.Platform.Caching;

/// <summary>The bounds of a <see cref="NearCache{TKey, TValue}"/>.</summary>
/// <param name="Bytes">What all entries may take, at least 64 KiB.</param>
public sealed record NearCacheOptions(long Bytes)
{
    /// <summary>How long an entry is fresh: the safety net under invalidation, not the means of being right.</summary>
    public TimeSpan Life { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long it is remembered that there is nothing under a key. Shorter than the time in which other copies must
    /// see what is made here, since nothing tells them of it.</summary>
    public TimeSpan NegativeLife { get; init; } = TimeSpan.FromMilliseconds(750);

    /// <summary>How long past its life an entry is served while loading fails.</summary>
    public TimeSpan StaleLife { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a caller who could be served a stale entry waits for a fresh one.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long after a failed load stale entries are served without trying again.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many entries are refreshed ahead of their end at once.</summary>
    public int Refreshes { get; init; } = 16;
}
