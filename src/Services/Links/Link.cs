namespace Groundwork.Links;

/// <summary>A short link as it is kept. Immutable; a change makes a new one with the next <see cref="Version"/>.</summary>
/// <param name="Number">Its key, which its code gives and which gives its code, see <see cref="CodeSpace"/>.</param>
/// <param name="Code">What stands behind the host in its short address: a drawn code, or an alias.</param>
/// <param name="Origin">How the number was found.</param>
/// <param name="CreatedAt">When it was made, in whole milliseconds.</param>
/// <param name="Version">Counts its changes, from 1.</param>
/// <param name="State">Whether it is there, was disabled or was deleted.</param>
/// <param name="Content">What its maker decided.</param>
internal sealed record Link(
    long Number, string Code, LinkOrigin Origin, DateTimeOffset CreatedAt, long Version, LinkState State, LinkContent Content)
{
    /// <summary>As a reader sees it at a time.</summary>
    public LinkStatus StatusAt(DateTimeOffset now) => State switch
    {
        LinkState.Deleted => LinkStatus.Deleted,
        LinkState.Disabled => LinkStatus.Disabled,
        _ => Content.ExpiresAt <= now ? LinkStatus.Expired : LinkStatus.Live,
    };
}

/// <summary>What the maker of a link decides, and may change.</summary>
/// <param name="LongUrl">Where it leads: an absolute http or https URL in ASCII.</param>
internal sealed record LinkContent(string LongUrl)
{
    /// <summary>When it stops leading there; null is never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The status of the redirect: 301, 302, 307 or 308.</summary>
    public int Redirect { get; init; } = 302;

    /// <summary>Whether the follower's query string is added to the address.</summary>
    public bool ForwardQuery { get; init; }

    /// <summary>A label to find it by; whose it is, usually.</summary>
    public string? Owner { get; init; }

    /// <summary>Labels to find it by, sorted, each once.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What people call it.</summary>
    public string? Title { get; init; }
}

/// <summary>How a link's number was found. The values are stored.</summary>
internal enum LinkOrigin
{
    /// <summary>From the database's counter.</summary>
    Counter = 0,

    /// <summary>From time, node and sequence.</summary>
    Snowflake = 1,

    /// <summary>From the hash of owner and address.</summary>
    Hash = 2,

    /// <summary>From the alias that somebody chose.</summary>
    Alias = 3,
}

/// <summary>Whether a link is there. The values are stored.</summary>
internal enum LinkState
{
    /// <summary>It leads somewhere, until it expires.</summary>
    Live = 0,

    /// <summary>It was switched off, and can be switched on again.</summary>
    Disabled = 1,

    /// <summary>It is gone, and its code is not used again.</summary>
    Deleted = 2,
}

/// <summary>A link's state as a reader sees it.</summary>
internal enum LinkStatus
{
    /// <summary>It leads somewhere.</summary>
    Live,

    /// <summary>It was switched off.</summary>
    Disabled,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>It is gone.</summary>
    Deleted,
}
