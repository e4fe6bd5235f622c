using System.Globalization;
using System.Text;

namespace Groundwork.Console.Pages.Cache;

/// <summary>Bytes in hexadecimal digits. Pure.</summary>
internal static class Hex
{
    private const int PerLine = 16;

    /// <summary>In one line, so many of them at most: <c>01 fe 20 …</c>.</summary>
    public static string Line(ReadOnlySpan<byte> bytes, int most)
    {
        var text = new StringBuilder();
        foreach (var b in bytes[..Math.Min(bytes.Length, most)])
            text.Append(text.Length == 0 ? "" : " ").Append(b.ToString("x2", CultureInfo.InvariantCulture));
        return bytes.Length > most ? text.Append(" …").ToString() : text.ToString();
    }

    /// <summary>In lines of sixteen: where each begins, the bytes, and the letters among them.</summary>
    public static string Lines(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        for (var at = 0; at < bytes.Length; at += PerLine)
        {
            var line = bytes[at..Math.Min(at + PerLine, bytes.Length)];
            text.Append(at == 0 ? "" : "\n").Append(at.ToString("x6", CultureInfo.InvariantCulture)).Append("  ");
            text.Append(Line(line, PerLine).PadRight((PerLine * 3) - 1)).Append("  ");
            foreach (var b in line)
                text.Append(b is >= 0x20 and < 0x7f ? (char)b : '.');
        }

        return text.ToString();
    }
}
