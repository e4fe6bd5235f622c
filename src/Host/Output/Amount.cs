using System.Globalization;

namespace Groundwork.Host.Output;

/// <summary>Amounts as people read them. Pure.</summary>
internal static class Amount
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>A size in three figures: <c>1.5 MiB</c>.</summary>
    public static string Bytes(double bytes)
    {
        var unit = 0;
        for (; bytes >= 1024 && unit < Units.Length - 1; unit++)
            bytes /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{Figures(bytes)} {Units[unit]}");
    }

    /// <summary>How often a second: <c>12.5/s</c>.</summary>
    public static string Rate(double perSecond) => $"{Figures(perSecond)}/s";

    /// <summary>How long, in its largest unit: <c>3.5 d</c>.</summary>
    public static string Duration(double seconds)
    {
        var (amount, unit) = Math.Abs(seconds) switch
        {
            >= 86_400 => (seconds / 86_400, "d"),
            >= 3600 => (seconds / 3600, "h"),
            >= 60 => (seconds / 60, "min"),
            _ => (seconds, "s"),
        };
        return $"{Figures(amount)} {unit}";
    }

    /// <summary>A part of a whole: <c>45 %</c>.</summary>
    public static string Share(double share) => $"{Figures(share * 100)} %";

    private static string Figures(double value) =>
        value.ToString(Math.Abs(value) switch { >= 99.95 or 0 => "0", >= 9.995 => "0.#", _ => "0.##" }, CultureInfo.InvariantCulture);
}
