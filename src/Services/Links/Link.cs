namespace Groundwork.Links;

/// <summary>A short link.</summary>
/// <param name="Number">Its place in the sequence, from which its code is made.</param>
/// <param name="Code">What stands behind the host in its short address.</param>
/// <param name="LongUrl">Where it leads: an absolute http or https URL in ASCII.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record Link(long Number, string Code, string LongUrl, DateTimeOffset CreatedAt);
