namespace Groundwork.RateLimits.Policies;

/// <summary>The file of policies, as it is written.</summary>
internal sealed record PolicyFile
{
    /// <summary>Each by its name.</summary>
    public required Dictionary<string, PolicyText> Policies { get; init; }
}

/// <summary>A policy as it is written; also how it is shown.</summary>
internal sealed record PolicyText
{
    /// <summary>The routes of endpoints, or how they begin; all where nothing is said, and none where there is a descriptor.</summary>
    public IReadOnlyList<string>? Routes { get; init; }

    /// <summary>Methods; all where nothing is said.</summary>
    public IReadOnlyList<string>? Methods { get; init; }

    /// <summary>Which descriptors of Envoy's.</summary>
    public DescriptorText? Descriptor { get; init; }

    /// <summary>What tells callers apart.</summary>
    public IReadOnlyList<string> By { get; init; } = [];

    /// <summary>The limits.</summary>
    public required IReadOnlyList<LimitText> Limits { get; init; }

    /// <summary>What a request costs.</summary>
    public long Cost { get; init; } = 1;

    /// <summary>Who is not limited.</summary>
    public IReadOnlyList<string> Exempt { get; init; } = [];

    /// <summary>Whether it only counts.</summary>
    public bool Shadow { get; init; }

    /// <summary>What happens where the store is down.</summary>
    public StoreDown StoreDown { get; init; } = StoreDown.Allow;

    /// <summary>How many permits a copy takes at once.</summary>
    public int Batch { get; init; }
}

/// <summary>A descriptor as it is written.</summary>
internal sealed record DescriptorText
{
    /// <summary>The domain.</summary>
    public required string Domain { get; init; }

    /// <summary>The entries: <c>key</c>, or <c>key=value</c>.</summary>
    public required IReadOnlyList<string> Entries { get; init; }
}

/// <summary>A limit as it is written.</summary>
internal sealed record LimitText
{
    /// <summary>By which algorithm it is counted.</summary>
    public string Algorithm { get; init; } = "token-bucket";

    /// <summary>How many.</summary>
    public required long Permits { get; init; }

    /// <summary>In which time.</summary>
    public required string Period { get; init; }

    /// <summary>How many at once after a rest; as many as permits where nothing is said.</summary>
    public long? Burst { get; init; }
}
