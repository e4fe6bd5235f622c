using System.Diagnostics;

namespace Groundwork.Links;

/// <summary>
/// What Links does for a request that is traced, as spans between the request and the database. A redirect that the cache answers
/// has none.
/// </summary>
internal static class LinksSpans
{
    /// <summary>The link's code.</summary>
    public const string Code = "groundwork.links.code";

    /// <summary>How often it was tried: a code was taken, or somebody else changed the link meanwhile.</summary>
    public const string Attempts = "groundwork.links.attempts";

    /// <summary>How many rows of clicks were added up.</summary>
    public const string Parts = "groundwork.links.click_parts";

    /// <summary>How many links were looked at, whether or not they are shown.</summary>
    public const string Scanned = "groundwork.links.scanned";

    private static readonly ActivitySource Source = new("Groundwork.Links");

    /// <summary>Begins a span; null where nobody records what it is done for.</summary>
    public static Activity? Begin(string name) => Source.HasListeners() && Activity.Current is not null ? Source.StartActivity(name) : null;
}
