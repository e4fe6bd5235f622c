namespace Groundwork.Ports.Caching.Inspection;

/// <summary>Which part of a value is asked for.</summary>
public sealed record ElementQuery
{
    /// <summary>The most bytes of elements in a page: when they are reached it ends.</summary>
    public const int MaxPageBytes = 1 << 20;

    /// <summary>Where to go on: <see cref="KeyDetail.Next"/> of the page before; 0 to begin. Of a string it is the number of bytes to leave out, of lists
    /// and sorted sets the number of elements.</summary>
    public ulong Cursor { get; init; }

    /// <summary>About how many elements to show, 1 or more. Small hashes and sets come whole, in one page.</summary>
    public required int Count { get; init; }

    /// <summary>How much to show of each element, and of a string, in bytes: 1 to <see cref="MaxPageBytes"/>.</summary>
    public required int Bytes { get; init; }
}

/// <summary>A key with a part of what it holds.</summary>
/// <param name="Summary">The key from outside.</param>
/// <param name="Length">How many elements there are; of a string, how many bytes.</param>
/// <param name="Idle">How long ago it was used; null where its space's policy writes down something else.</param>
/// <param name="Frequency">How often it is used, in the policy's own count, as OBJECT FREQ has it; null where it does not count.</param>
/// <param name="Version">Changes with the value and the time to live; null where the value has more than <see cref="MaxVersionedBytes"/>.</param>
/// <param name="Elements">Some of them; of a string, one part of it.</param>
/// <param name="Next">Where to go on; null where this is the last page.</param>
public sealed record KeyDetail(
    KeySummary Summary,
    long Length,
    TimeSpan? Idle,
    int? Frequency,
    ulong? Version,
    IReadOnlyList<CachedElement> Elements,
    ulong? Next)
{
    /// <summary>The largest value that has a version.</summary>
    public const int MaxVersionedBytes = 64 << 10;
}

/// <summary>One element of a value.</summary>
/// <param name="Value">The element; of a hash, a field's value.</param>
/// <param name="Field">Of a hash: the field's name.</param>
/// <param name="Score">Of a sorted set: the member's score.</param>
public readonly record struct CachedElement(CachedBytes Value, CachedBytes Field = default, double Score = 0);

/// <summary>Bytes of which perhaps only the beginning is shown.</summary>
/// <param name="Shown">As many as were asked for; of a string, from the cursor on.</param>
/// <param name="Length">How many there are.</param>
public readonly record struct CachedBytes(ReadOnlyMemory<byte> Shown, long Length);

/// <summary>How the removal of a key ended.</summary>
public enum KeyRemoval
{
    /// <summary>It was there, and is gone.</summary>
    Removed,

    /// <summary>It was not there.</summary>
    NotThere,

    /// <summary>It has another version than was asked for; nothing was done.</summary>
    Changed,
}
