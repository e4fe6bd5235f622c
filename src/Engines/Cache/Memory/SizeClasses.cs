namespace Groundwork.Cache.Memory;

/// <summary>
/// The sizes in which blocks are cut: multiples of 16 bytes, near enough to one another that little is lost, chosen so that a
/// page of 16 KiB is divided without a large rest.
/// </summary>
internal static class SizeClasses
{
    /// <summary>The largest block in bytes: a page.</summary>
    public const int MaxBytes = PagePool.PageBytes;

    /// <summary>The unit of addresses and sizes.</summary>
    public const int Grain = 16;

    private static readonly int[] Sizes =
    [
        32, 48, 64, 80, 96, 112, 128, 144, 160, 192, 224, 256, 288, 320, 384, 448, 512, 576, 640, 704, 816, 1024, 1168, 1360,
        1632, 2048, 2720, 3264, 4096, 5456, 8192, 16384,
    ];

    private static readonly byte[] ClassOfGrains = Map();

    /// <summary>How many there are.</summary>
    public static int Count => Sizes.Length;

    /// <summary>The smallest class that holds so many bytes, 1 to <see cref="MaxBytes"/>.</summary>
    public static int Of(int bytes) => ClassOfGrains[(bytes + Grain - 1) / Grain];

    /// <summary>The bytes of a block of a class.</summary>
    public static int BytesOf(int sizeClass) => Sizes[sizeClass];

    /// <summary>How many blocks of a class a page holds.</summary>
    public static int BlocksOf(int sizeClass) => PagePool.PageBytes / Sizes[sizeClass];

    private static byte[] Map()
    {
        var map = new byte[(MaxBytes / Grain) + 1];
        for (int grains = 0, sizeClass = 0; grains < map.Length; grains++)
        {
            if (grains * Grain > Sizes[sizeClass])
                sizeClass++;
            map[grains] = (byte)sizeClass;
        }

        return map;
    }
}
