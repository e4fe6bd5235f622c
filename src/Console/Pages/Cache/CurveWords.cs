using Groundwork.Console.Design;

namespace Groundwork.Console.Pages.Cache;

/// <summary>What a miss-ratio curve means for the cache that it is of, in a sentence or two. Pure.</summary>
internal static class CurveWords
{
    // Less than this the estimate itself does not promise.
    private const double Noticeable = 0.02;

    public static string Of(IReadOnlyList<ShownCurvePoint> points)
    {
        if (At(points, 1) is not { } now)
            return "How many lookups would miss by how much memory there is:";
        var half = At(points, 0.5);
        var twice = At(points, 2);
        var first = $"With the memory that it may take, {Format.Percent(now)} of lookups miss in the long run.";
        var more = twice is not { } t ? ""
            : now - t >= Noticeable ? $" With twice as much, {Format.Percent(t)} would: the store behind it would get {Format.Percent(1 - (t / now))} fewer."
            : " Twice as much would change little.";
        var less = half is not { } h ? ""
            : h - now >= Noticeable ? $" With half of it, {Format.Percent(h)} would."
            : " Half of it would do as well.";
        return first + more + less;
    }

    /// <summary>Who leaves by a policy.</summary>
    public static string WhoLeaves(string policy) => policy == "tinylfu" ? "the least useful" : "the least recently used";

    /// <summary>The ratio at a multiple of the bound; null where it is not among the points.</summary>
    public static double? At(IReadOnlyList<ShownCurvePoint> points, double scale)
    {
        foreach (var point in points)
        {
            if (Math.Abs(point.Scale - scale) < 0.001 * scale)
                return point.MissRatio;
        }

        return null;
    }
}
