using System.Globalization;

namespace Groundwork.Ports.Settings;

/// <summary>How times and sizes are written by people.</summary>
public static class SettingText
{
    private static readonly (string Unit, long Factor)[] DurationUnits =
        [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    private static readonly (string Unit, long Factor)[] SizeUnits =
        [("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("B", 1)];

    /// <summary>Reads <c>250ms</c>, <c>30s</c>, <c>5m</c>, <c>1h</c>, <c>7d</c>, or plain seconds.</summary>
    public static bool TryDuration(string text, out TimeSpan value)
    {
        var ok = TryScaled(text, DurationUnits, plainFactor: 1000, out var milliseconds)
            && milliseconds <= (decimal)TimeSpan.MaxValue.TotalMilliseconds - 1;
        value = ok ? TimeSpan.FromTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond)) : default;
        return ok;
    }

    /// <summary>Writes a time with the largest unit that leaves a whole number.</summary>
    public static string Duration(TimeSpan value) => Scaled((long)value.TotalMilliseconds, DurationUnits, "0s");

    /// <summary>Reads <c>64KiB</c>, <c>256MiB</c>, <c>2GiB</c>, or plain bytes.</summary>
    public static bool TrySize(string text, out long value)
    {
        var ok = TryScaled(text, SizeUnits, plainFactor: 1, out var bytes) && bytes <= long.MaxValue && bytes == decimal.Truncate(bytes);
        value = ok ? (long)bytes : 0;
        return ok;
    }

    /// <summary>Writes a size with the largest unit that leaves a whole number.</summary>
    public static string Size(long value) => Scaled(value, SizeUnits, "0B");

    private static bool TryScaled(string text, (string Unit, long Factor)[] units, long plainFactor, out decimal value)
    {
        var trimmed = text.AsSpan().Trim();
        var digits = 0;
        while (digits < trimmed.Length && (char.IsAsciiDigit(trimmed[digits]) || trimmed[digits] == '.'))
            digits++;

        value = 0;
        if (digits > 20 || !decimal.TryParse(trimmed[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return false;

        var unit = trimmed[digits..].Trim();
        long? factor = unit.IsEmpty ? plainFactor : null;
        foreach (var candidate in units)
        {
            if (unit.Equals(candidate.Unit, StringComparison.OrdinalIgnoreCase))
                factor = candidate.Factor;
        }

        if (factor is null || number > decimal.MaxValue / factor.Value)
            return false;
        value = number * factor.Value;
        return true;
    }

    private static string Scaled(long value, (string Unit, long Factor)[] units, string zero)
    {
        if (value == 0)
            return zero;
        var best = units.MinBy(u => u.Factor);
        foreach (var unit in units)
        {
            if (value % unit.Factor == 0 && unit.Factor > best.Factor)
                best = unit;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value / best.Factor}{best.Unit}");
    }
}
