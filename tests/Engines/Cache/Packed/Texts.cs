using System.Globalization;
using System.Text;

namespace Groundwork.Cache.Tests.Packed;

/// <summary>Bytes to store: of all forms, many near the bounds of forms and chunks.</summary>
internal static class Texts
{
    private static readonly int[] Bounds = [0, 1, 2, 15, 16, 62, 63, 64, 65, 100, 117, 118, 119, 125, 126, 127, 128, 250, 500, 510, 511, 512, 513, 514, 900];

    private static readonly int[] Long = [1_000, 2_000, 4_000, 4_096, 8_190, 15_990, 15_996, 16_000, 16_368, 16_376, 17_000, 40_000];

    /// <summary>Bytes of a text.</summary>
    public static byte[] Of(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>The nth of a sequence of distinct texts of one length.</summary>
    public static byte[] Of(string prefix, long number, int length) => Of(prefix + number.ToString(CultureInfo.InvariantCulture).PadLeft(length - prefix.Length, '0'));

    /// <summary>Some bytes: half of them short, a quarter numbers, one in fifty longer than a chunk's items.</summary>
    public static byte[] Draw(Random random) => random.Next(100) switch
    {
        < 50 => Bytes(random, random.Next(24)),
        < 75 => Of((random.NextInt64() >> random.Next(64)).ToString(CultureInfo.InvariantCulture)),
        < 98 => Bytes(random, Bounds[random.Next(Bounds.Length)]),
        _ => Bytes(random, Long[random.Next(Long.Length)]),
    };

    /// <summary>Random bytes.</summary>
    public static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
