using System.Globalization;

namespace Groundwork.Console.Design;

/// <summary>
/// How numbers, sizes, times and rates are written everywhere in the console: three figures at most where a person compares,
/// a thin space before units, a dash where there is nothing. Pure.
/// </summary>
public static class Format
{
    /// <summary>Where there is nothing to write.</summary>
    public const string None = "–";

    private const string Space = "\u202f";

    private static readonly string[] Thousands = ["", "k", "M", "G", "T", "P", "E"];

    private static readonly string[] Sizes = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>A number in three figures: <c>0</c>, <c>0.25</c>, <c>12.3</c>, <c>1.23 k</c>, <c>45.6 M</c>.</summary>
    public static string Number(double? value) => value is not { } v || !double.IsFinite(v) ? None : Scaled(v, 1000, Thousands, unitAlways: false);

    /// <summary>A whole number with its thousands apart: <c>1 234 567</c>.</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture).Replace(",", Space, StringComparison.Ordinal);

    /// <summary>A size: <c>512 B</c>, <c>1.5 KiB</c>, <c>2.25 GiB</c>.</summary>
    public static string Bytes(double? value) => value is not { } v || !double.IsFinite(v) ? None : Scaled(v, 1024, Sizes, unitAlways: true);

    /// <summary>How often a second: <c>0 /s</c>, <c>12.3 /s</c>, <c>1.23 k/s</c>.</summary>
    public static string Rate(double? value)
    {
        var number = Number(value);
        return number == None ? None : char.IsLetter(number[^1]) ? number + "/s" : $"{number}{Space}/s";
    }

    /// <summary>A part of a whole: <c>0.2 %</c>, <c>45 %</c>, <c>100 %</c>.</summary>
    public static string Percent(double? ratio) =>
        ratio is not { } r || !double.IsFinite(r) ? None : Figures(r * 100) + Space + "%";

    /// <summary>How long, in three figures: <c>120 µs</c>, <c>1.25 ms</c>, <c>3.2 s</c>, <c>4 min 10 s</c>, <c>2 h 5 min</c>, <c>3 d 4 h</c>.</summary>
    public static string Duration(TimeSpan? value)
    {
        if (value is not { } v)
            return None;
        var sign = v < TimeSpan.Zero ? "−" : "";
        v = v.Duration();
        return sign + v.TotalSeconds switch
        {
            0 => $"0{Space}s",
            < 0.0009995 => Figures(v.TotalMicroseconds) + Space + "µs",
            < 0.9995 => Figures(v.TotalMilliseconds) + Space + "ms",
            < 59.95 => Figures(v.TotalSeconds) + Space + "s",
            < 3599.5 => Two((long)Math.Round(v.TotalSeconds), 60, "min", "s"),
            < 86_370 => Two((long)Math.Round(v.TotalMinutes), 60, "h", "min"),
            _ => Two((long)Math.Round(v.TotalHours), 24, "d", "h"),
        };
    }

    /// <summary>How long something has been so, for people, who don't count seconds: <c>just now</c>, <c>5 min</c>, <c>2 h 5 min</c>.</summary>
    public static string Age(TimeSpan value) => value < TimeSpan.FromMinutes(1) ? "less than a minute" : Duration(TimeSpan.FromMinutes(Math.Floor(value.TotalMinutes)));

    /// <summary>A moment in UTC: <c>2026-11-24 14:05:09 UTC</c>.</summary>
    public static string Time(DateTimeOffset time, bool precise = false) =>
        time.UtcDateTime.ToString(precise ? "yyyy-MM-dd HH:mm:ss.fff" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    private static string Scaled(double value, double factor, string[] units, bool unitAlways)
    {
        var unit = 0;
        var scaled = Math.Abs(value);
        while (unit < units.Length - 1 && scaled >= factor - (factor / 2000))
        {
            scaled /= factor;
            unit++;
        }

        var sign = value < 0 && scaled > 0 ? "−" : "";
        return sign + Figures(scaled) + (unit > 0 || unitAlways ? Space + units[unit] : "");
    }

    private static string Two(long amount, long per, string large, string small) =>
        amount % per == 0 ? $"{amount / per}{Space}{large}" : $"{amount / per}{Space}{large} {amount % per}{Space}{small}";

    // Three figures, without zeros that say nothing; what is smaller than a thousandth is nearly nothing, and written so.
    private static string Figures(double value) => Math.Abs(value) switch
    {
        0 => "0",
        < 0.001 => "<0.001",
        < 0.9995 => value.ToString("0.###", CultureInfo.InvariantCulture),
        < 9.995 => value.ToString("0.##", CultureInfo.InvariantCulture),
        < 99.95 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("0", CultureInfo.InvariantCulture),
    };
}
