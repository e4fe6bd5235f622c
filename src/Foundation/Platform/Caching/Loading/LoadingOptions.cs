namespace Groundwork.Platform.Caching;

/// <summary>How long values are served.</summary>
public sealed record ValueLives
{
    /// <summary>How long a value is fresh: the safety net under invalidation, not the means of being right.</summary>
    public TimeSpan Life { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>By which share a life may be shorter, by chance, so that values that were loaded together do not end together: 0 to 0.5.</summary>
    public double Jitter { get; init; } = 0.1;

    /// <summary>How long it is remembered that there is nothing under a key. Where nothing tells the other copies of what is made, it is
    /// shorter than the time in which they must see it; where they are told, it may be as long as any.</summary>
    public TimeSpan NegativeLife { get; init; } = TimeSpan.FromMilliseconds(750);

    /// <summary>How long past its life a value may be served while loading fails, is slow or is under way elsewhere.</summary>
    public TimeSpan StaleLife { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>The bounds of a loading cache.</summary>
public sealed record LoadingOptions
{
    /// <summary>How long values are served, where a call says nothing else.</summary>
    public ValueLives Lives { get; init; } = new();

    /// <summary>How long a caller who could be served a stale value waits for a fresh one. Zero is stale-while-revalidate: it never waits.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long after a failed or slow load stale values are served without trying again.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How early values are refreshed: the β of <see cref="EarlyRefresh"/>. Above 1 is earlier, 0 is never.</summary>
    public double Eagerness { get; init; } = 1;

    /// <summary>How many values are refreshed ahead of their end at once.</summary>
    public int Refreshes { get; init; } = 16;

    /// <summary>How long a lease holds: longer than loading takes at its worst. A load that takes longer is not kept.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a caller waits for what another process loads, where nothing stale is there, before it loads for itself.</summary>
    public TimeSpan HeldWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many loads run at once.</summary>
    public int Loads { get; init; } = 256;

    /// <summary>How many more wait for their turn; beyond that a caller gets something stale, or <see cref="CacheOverloadException"/>.</summary>
    public int Waiting { get; init; } = 16_384;

    /// <summary>How many removals that a shared cache did not take are remembered, to be tried again; at the next, all of the space is removed.</summary>
    public int Removals { get; init; } = 1_024;

    /// <summary>
    /// Under how many names, in as many slots of a shared cache, a key is kept that is hot: 1 for its own alone, up to 8. All processes that
    /// share the cache have the same number.
    /// </summary>
    /// <remarks>For keys that change so often, or are read by so many processes, that what each keeps near does not keep their reads from the one node that has
    /// them. One unless it is set, since then every removal, of whichever key, is as many more; a change of a hot key costs up to as many loads.</remarks>
    public int Copies { get; init; } = 1;
}

/// <summary>Too many loads are under way or waiting, and there was nothing stale to be served: ask again in a moment.</summary>
public sealed class CacheOverloadException() : Exception("Too many values are being loaded at once.");
