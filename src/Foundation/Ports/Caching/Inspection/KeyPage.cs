namespace Groundwork.Ports.Caching.Inspection;

/// <summary>Which keys are asked for.</summary>
public sealed record KeyQuery
{
    /// <summary>How many keys are looked at in a call, about: where few of them are of those asked for, a page may be short or empty and not the last.</summary>
    public const int MaxLooked = 20_000;

    /// <summary>In which database they are.</summary>
    public int Database { get; init; }

    /// <summary>What their names are like, as Redis' KEYS has it: <c>*</c>, <c>?</c>, <c>[a-z]</c>; empty for all.</summary>
    public ReadOnlyMemory<byte> Pattern { get; init; }

    /// <summary>What they hold; null for whatever.</summary>
    public CachedType? Type { get; init; }

    /// <summary>About how many to show, 1 or more: a bucket of the index is shown whole, so there may be a few more.</summary>
    public required int Count { get; init; }

    /// <summary>Where to go on: <see cref="KeyPage.Next"/> of the page before; 0 to begin. Any other number is the beginning of some page.</summary>
    public ulong Cursor { get; init; }
}

/// <summary>Some keys.</summary>
/// <param name="Keys">In no order.</param>
/// <param name="Next">Where to go on; null where this is the last page.</param>
public sealed record KeyPage(IReadOnlyList<KeySummary> Keys, ulong? Next);

/// <summary>A key from outside.</summary>
/// <param name="Key">Its name, 0 to 8,192 bytes.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Encoding">How that is kept, as Redis names it: <c>listpack</c>.</param>
/// <param name="Bytes">The memory that it takes with its value and its share of the index.</param>
/// <param name="ExpiresAt">When its time is over; null for never.</param>
public sealed record KeySummary(ReadOnlyMemory<byte> Key, CachedType Type, string Encoding, long Bytes, DateTimeOffset? ExpiresAt);

/// <summary>What a key holds.</summary>
public enum CachedType
{
    /// <summary>Bytes.</summary>
    String,

    /// <summary>Elements in their order.</summary>
    List,

    /// <summary>Fields with their values.</summary>
    Hash,

    /// <summary>Distinct members.</summary>
    Set,

    /// <summary>Distinct members by their scores.</summary>
    SortedSet,
}
