namespace Groundwork.Console.Design.Charts;

/// <summary>
/// An axis from zero to a round number above everything shown, with two to five lines: steps of 1, 2 or 5 times a power of ten,
/// since people read those without thinking (Heckbert, "Nice Numbers for Graph Labels", Graphics Gems, 1990). Immutable.
/// </summary>
public sealed class Scale
{
    private Scale(double top, double step) => (Top, Step) = (top, step);

    /// <summary>The value at the upper edge; above zero.</summary>
    public double Top { get; }

    /// <summary>From line to line.</summary>
    public double Step { get; }

    /// <summary>The lines, from zero on.</summary>
    public IEnumerable<double> Lines => Enumerable.Range(0, (int)Math.Round(Top / Step) + 1).Select(i => i * Step);

    /// <summary>The scale for values up to <paramref name="most"/>; nothing, or nothing finite, gets 0 to 1.</summary>
    public static Scale For(double most)
    {
        if (!double.IsFinite(most) || most <= 0)
            return new Scale(1, 0.5);
        var rough = most / 4;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = (rough / power) switch
        {
            <= 1 + 1e-9 => power,
            <= 2 + 1e-9 => 2 * power,
            <= 5 + 1e-9 => 5 * power,
            _ => 10 * power,
        };
        return new Scale(Math.Ceiling((most / step) - 1e-9) * step, step);
    }

    /// <summary>Where a value is, from 0 (the lower edge) to 1.</summary>
    public double At(double value) => Math.Clamp(value / Top, 0, 1);
}
