using System.Globalization;
using System.Text;

namespace Groundwork.Console.Design.Charts;

/// <summary>Lines and areas as SVG paths in a box of <see cref="Width"/> × <see cref="Height"/>, which is stretched to its place. Pure.</summary>
internal static class Path
{
    public const int Width = 1000;
    public const int Height = 100;

    // As long as a line is wide, where a chart is as wide as a page: with round ends it is seen.
    private const string Dot = "h6";

    /// <summary>A line through values; broken where one is unknown, a dot's width where one stands alone.</summary>
    public static string Line(IReadOnlyList<double?> values, Scale scale)
    {
        var path = new StringBuilder();
        var drawing = false;
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is not { } value)
            {
                drawing = false;
                continue;
            }

            path.Append(drawing ? 'L' : 'M').Append(Number(X(i, values.Count))).Append(' ').Append(Number(Y(value, scale)));
            var isAlone = !drawing && (i + 1 == values.Count || values[i + 1] is null);
            if (isAlone)
                path.Append(Dot);
            drawing = true;
        }

        return path.ToString();
    }

    /// <summary>The area between two rows of known values.</summary>
    public static string Area(IReadOnlyList<double> lower, IReadOnlyList<double> upper, Scale scale)
    {
        var path = new StringBuilder();
        for (var i = 0; i < upper.Count; i++)
            path.Append(i == 0 ? 'M' : 'L').Append(Number(X(i, upper.Count))).Append(' ').Append(Number(Y(upper[i], scale)));
        for (var i = lower.Count - 1; i >= 0; i--)
            path.Append('L').Append(Number(X(i, lower.Count))).Append(' ').Append(Number(Y(lower[i], scale)));
        return upper.Count == 0 ? "" : path.Append('Z').ToString();
    }

    /// <summary>What lies under a line, down to the edge; nothing where it is broken.</summary>
    public static string Under(IReadOnlyList<double?> values, Scale scale)
    {
        var path = new StringBuilder();
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is not { } value)
                continue;
            var begins = i == 0 || values[i - 1] is null;
            var ends = i + 1 == values.Count || values[i + 1] is null;
            var x = Number(X(i, values.Count));
            path.Append(begins ? $"M{x} {Height}L" : "L").Append(x).Append(' ').Append(Number(Y(value, scale)));
            if (ends)
                path.Append('L').Append(x).Append(' ').Append(Height).Append('Z');
        }

        return path.ToString();
    }

    public static double X(int index, int count) => count <= 1 ? Width / 2.0 : (double)index * Width / (count - 1);

    public static double Y(double value, Scale scale) => Height - (scale.At(value) * Height);

    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
