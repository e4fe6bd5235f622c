namespace Groundwork.Platform.Caching;

/// <summary>
/// Whether a fresh value is refreshed before its end: the more likely the nearer that is, and the longer loading takes.
/// </summary>
/// <remarks>
/// XFetch of A. Vattani, F. Chierichetti and K. Lowenstein, "Optimal Probabilistic Cache Stampede Prevention" (VLDB 2015): refresh where
/// <c>now − δ·β·ln(u) ≥ end</c>, for δ how long the last load took and u uniform in (0, 1]. Each reader decides by itself, without a
/// word to others, and yet few come too early and hardly ever none in time. Pure.
/// </remarks>
internal static class EarlyRefresh
{
    /// <summary>−ln(u) is never more than this for a u of 53 bits.</summary>
    private const double Furthest = 37;

    /// <summary>Whether there is any chance, so that most readers need no random number.</summary>
    public static bool IsPossible(long now, long end, long took, double eagerness) => end - now <= took * eagerness * Furthest;

    /// <summary>Whether this reader refreshes.</summary>
    /// <param name="now">In ticks.</param>
    /// <param name="end">When it is no longer fresh, in ticks.</param>
    /// <param name="took">δ: how long the last load took, in ticks.</param>
    /// <param name="eagerness">β.</param>
    /// <param name="random">In [0, 1), from the caller's source of randomness.</param>
    public static bool IsDue(long now, long end, long took, double eagerness, double random) =>
        eagerness > 0 && -took * eagerness * Math.Log(1 - random) >= end - now;
}
