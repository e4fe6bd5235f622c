namespace Groundwork.Cache.Packed;

/// <summary>
/// Up to where collections stand in one piece in their entries. Each may be set while others work, and holds for what is changed from
/// then on. No piece is larger than its entry has room for, and none has items in chains, whatever is set.
/// </summary>
internal sealed class PieceLimits
{
    private long _fieldBytes = 64;
    private long _memberBytes = 64;

    /// <summary>The most fields of a hash.</summary>
    public long Fields { get; set; } = 128;

    /// <summary>The longest field or value of a hash, in bytes: no more than <see cref="ItemText.MaxInline"/>.</summary>
    public long FieldBytes
    {
        get => _fieldBytes;
        set => _fieldBytes = Math.Min(value, ItemText.MaxInline);
    }

    /// <summary>The most elements of a list; below 1 as many as its bytes allow.</summary>
    public long Elements { get; set; } = -2;

    /// <summary>The most members of a set that are all numbers.</summary>
    public long Integers { get; set; } = 512;

    /// <summary>The most members of a sorted set.</summary>
    public long ScoredMembers { get; set; } = 128;

    /// <summary>The longest member of a sorted set, in bytes: no more than <see cref="ItemText.MaxInline"/>.</summary>
    public long ScoredBytes
    {
        get => _memberBytes;
        set => _memberBytes = Math.Min(value, ItemText.MaxInline);
    }
}
