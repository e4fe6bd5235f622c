namespace Groundwork.Primitives;

/// <summary>
/// How often things are asked for where few are popular: rank k, from 1, with a probability proportional to k to the power of
/// −<see cref="Exponent"/>. Most traces of web requests lie between 0.6 and 1.1.
/// </summary>
/// <remarks>
/// Rejection-inversion (W. Hörmann and G. Derflinger, "Rejection-inversion to generate variates from monotone discrete
/// distributions", ACM TOMACS 6(3), 1996): a number is drawn from the integral of the smooth curve, rounded, and rejected where
/// the curve lies above the bar; less than a tenth of the draws are. No table, so any number of ranks costs the same. Immutable;
/// safe for concurrent use with a <see cref="Random"/> for each thread.
/// </remarks>
public sealed class ZipfDistribution
{
    private readonly double _first;
    private readonly double _span;

    /// <param name="ranks">How many ranks there are, 1 to 2⁴⁰.</param>
    /// <param name="exponent">How steep it is; above 0, at most 8.</param>
    public ZipfDistribution(long ranks, double exponent = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ranks, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ranks, 1L << 40);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exponent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(exponent, 8);
        (Ranks, Exponent) = (ranks, exponent);

        // The first bar has its own area to the left of 1.5, exactly, so that rank 1 is never rejected there.
        _first = Integral(1.5) - 1;
        _span = Integral(ranks + 0.5) - _first;
    }

    /// <summary>How many ranks there are.</summary>
    public long Ranks { get; }

    /// <summary>How steep it is.</summary>
    public double Exponent { get; }

    /// <summary>Draws a rank, from 1 to <see cref="Ranks"/>.</summary>
    public long Next(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        while (true)
        {
            var area = _first + (random.NextDouble() * _span);
            var rank = Math.Clamp((long)Math.Round(Inverse(area)), 1, Ranks);

            // The bar of this rank is as wide as its probability, and ends where the curve's piece ends.
            if (area >= Integral(rank + 0.5) - Math.Pow(rank, -Exponent))
                return rank;
        }
    }

    private double Integral(double x) => Exponent == 1 ? Math.Log(x) : (Math.Pow(x, 1 - Exponent) - 1) / (1 - Exponent);

    private double Inverse(double area) => Exponent == 1 ? Math.Exp(area) : Math.Pow(1 + (area * (1 - Exponent)), 1 / (1 - Exponent));
}
