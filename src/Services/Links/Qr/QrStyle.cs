using QRCoder;

namespace Groundwork.Links.Qr;

/// <summary>How a QR code looks.</summary>
/// <param name="Size">Width and height of the picture, in pixels: <see cref="MinSize"/> to <see cref="MaxSize"/>.</param>
/// <param name="Margin">The quiet zone around the code, in modules; readers are promised four.</param>
/// <param name="Correction">How much of it may be damaged and still be read: L 7%, M 15%, Q 25%, H 30%.</param>
/// <param name="Dark">The colour of the modules.</param>
/// <param name="Light">The colour behind them.</param>
internal sealed record QrStyle(int Size, int Margin, QRCodeGenerator.ECCLevel Correction, HexColour Dark, HexColour Light)
{
    public const int MinSize = 32;

    public const int DefaultSize = 256;

    public const int MaxSize = 4096;

    public const int DefaultMargin = 4;

    public const int MaxMargin = 32;
}

/// <summary>A colour of red, green and blue; nothing else can be written of it.</summary>
internal readonly record struct HexColour(int Rgb)
{
    public static readonly HexColour Black = new(0x000000);

    public static readonly HexColour White = new(0xffffff);

    /// <summary>Reads three or six hexadecimal digits, with or without <c>#</c>; three stand for six, each doubled.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out HexColour colour)
    {
        colour = default;
        if (text is ['#', .. var rest])
            text = rest;
        if (text.Length is not (3 or 6))
            return false;

        var rgb = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiHexDigit(digit))
                return false;
            var value = Convert.ToInt32(digit.ToString(), 16);
            rgb = text.Length == 3 ? (rgb << 8) | (value << 4) | value : (rgb << 4) | value;
        }

        colour = new(rgb);
        return true;
    }

    public override string ToString() => $"#{Rgb:x6}";
}
