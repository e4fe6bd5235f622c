namespace Groundwork.Links;

/// <summary>Where a link stands in listings, newest first. As a cursor, listings go on behind it.</summary>
/// <param name="CreatedAt">When the link was made, in milliseconds since 1970 UTC.</param>
/// <param name="Number">Its number, which orders links of the same millisecond.</param>
internal sealed record LinkPosition(long CreatedAt, long Number)
{
    /// <summary>In front of all links.</summary>
    public static readonly LinkPosition First = new(long.MaxValue, long.MaxValue);

    public static LinkPosition Of(Link link) => new(link.CreatedAt.ToUnixTimeMilliseconds(), link.Number);
}
