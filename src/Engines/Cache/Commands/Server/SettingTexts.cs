using System.Globalization;

namespace Groundwork.Cache.Commands.Server;

/// <summary>Reads the texts of settings.</summary>
internal static class SettingTexts
{
    /// <summary>A whole number in a range.</summary>
    public static Change Number(string text, long least, long most, Action<long> apply)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return Change.Refused("argument couldn't be parsed into an integer");
        return InRange(number, least, most, apply);
    }

    /// <summary>Bytes, with a unit where wished: k, kb, m, mb, g, gb.</summary>
    public static Change Memory(string text, long least, long most, Action<long> apply)
    {
        if (!TryMemory(text, out var bytes))
            return Change.Refused("argument must be a memory value");
        return InRange(bytes, least, most, apply);
    }

    /// <summary>Reads bytes with a unit.</summary>
    public static bool TryMemory(string text, out long bytes)
    {
        var digits = text.AsSpan().TrimEnd("kmgbKMGB");
        var unit = text[digits.Length..].ToUpperInvariant() switch
        {
            "" or "B" => 1L,
            "K" => 1000,
            "KB" => 1 << 10,
            "M" => 1_000_000,
            "MB" => 1 << 20,
            "G" => 1_000_000_000,
            "GB" => 1 << 30,
            _ => 0,
        };
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out bytes) || unit == 0 || bytes > long.MaxValue / unit)
            return false;
        bytes *= unit;
        return true;
    }

    private static Change InRange(long number, long least, long most, Action<long> apply) =>
        number < least || number > most
            ? Change.Refused($"argument must be between {least} and {most} inclusive")
            : Change.To(() => apply(number));
}
