using System.Collections;
using System.Globalization;
using System.Text;
using QRCoder;

namespace Groundwork.Links.Qr;

/// <summary>Draws a text as a QR code in SVG: a background and one path, every run of modules in a row a rectangle of it.</summary>
internal static class QrPicture
{
    /// <summary>The longest text that fits in all levels of correction, in bytes of UTF-8.</summary>
    public const int MaxBytes = 1273;

    // Which the generator puts around the code, and which is ours to choose.
    private const int GeneratorMargin = 4;

    /// <summary>The same text and style give the same picture, to the byte.</summary>
    public static string Draw(string text, QrStyle style)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, style.Correction);
        var rows = code.ModuleMatrix;
        var side = rows.Count - (2 * GeneratorMargin);
        var whole = side + (2 * style.Margin);

        var svg = new StringBuilder(4096);
        svg.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{style.Size}" height="{style.Size}" """);
        svg.Append(CultureInfo.InvariantCulture, $"""viewBox="0 0 {whole} {whole}" shape-rendering="crispEdges">""");
        svg.Append(CultureInfo.InvariantCulture, $"""<rect width="{whole}" height="{whole}" fill="{style.Light}"/><path fill="{style.Dark}" d=""");
        svg.Append('"');
        for (var y = 0; y < side; y++)
            DrawRow(svg, rows[y + GeneratorMargin], side, y + style.Margin, style.Margin);
        return svg.Append("\"/></svg>\n").ToString();
    }

    private static void DrawRow(StringBuilder svg, BitArray row, int side, int y, int margin)
    {
        for (var x = 0; x < side; x++)
        {
            var from = x;
            while (x < side && row[x + GeneratorMargin])
                x++;
            if (x > from)
                svg.Append(CultureInfo.InvariantCulture, $"M{from + margin} {y}h{x - from}v1H{from + margin}z");
        }
    }
}
