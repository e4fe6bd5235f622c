using Groundwork.Platform.Telemetry.Recent;

namespace Groundwork.Console.Pages.Telemetry;

/// <summary>The spans of a trace as a tree: each below the one for which it was done, in the order of beginning. Pure.</summary>
internal static class SpanTree
{
    /// <summary>How deep spans are set in; what lies deeper stands as far in as this.</summary>
    public const int MostIndented = 6;

    /// <summary>All of them from the top down, with how deep each lies; those whose parent is not there are at the top.</summary>
    public static IReadOnlyList<(RecentSpan Span, int Depth)> Of(IReadOnlyList<RecentSpan> spans)
    {
        var ids = spans.Select(s => s.SpanId).ToHashSet(StringComparer.Ordinal);
        var children = spans.ToLookup(s => s.ParentId is { } parent && ids.Contains(parent) ? parent : "", StringComparer.Ordinal);
        var tree = new List<(RecentSpan, int)>(spans.Count);
        var waiting = new Stack<(RecentSpan Span, int Depth)>(children[""].Reverse().Select(s => (s, 0)));
        while (waiting.TryPop(out var next))
        {
            tree.Add(next);
            foreach (var child in children[next.Span.SpanId].Reverse())
                waiting.Push((child, next.Depth + 1));
        }

        return tree;
    }
}
