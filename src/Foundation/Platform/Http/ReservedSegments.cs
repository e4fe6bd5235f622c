using System.Collections.Frozen;

namespace Groundwork.Platform.Http;

/// <summary>
/// The first segments of paths that are the house's own: a closed list, because the root belongs to short links. No code or
/// alias may equal one, and nothing else will ever be added.
/// </summary>
public static class ReservedSegments
{
    private static readonly FrozenSet<string> Words = new[]
    {
        "v1", "_", "health", "metrics", "openapi", "docs",
        "favicon.ico", "robots.txt", "sitemap.xml", "manifest.json", "apple-touch-icon.png", "apple-touch-icon-precomposed.png",
        "browserconfig.xml", "ads.txt", "security.txt", ".well-known",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>All of them.</summary>
    public static IReadOnlyCollection<string> All => Words.Items;

    /// <summary>Whether a segment is one of them, in whatever case.</summary>
    public static bool Contains(string segment) => Words.Contains(segment);
}
