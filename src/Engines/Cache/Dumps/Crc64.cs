namespace Groundwork.Cache.Dumps;

/// <summary>The checksum of Redis' dumps: CRC-64 with Jones' polynomial, reflected, from zero.</summary>
internal static class Crc64
{
    private const ulong Polynomial = 0x95AC9329AC4BC9B5;

    private static readonly ulong[] Table = MakeTable();

    /// <summary>The checksum of bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var crc = 0UL;
        foreach (var value in bytes)
            crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
        return crc;
    }

    private static ulong[] MakeTable()
    {
        var table = new ulong[256];
        for (var i = 0; i < table.Length; i++)
        {
            var crc = (ulong)i;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ Polynomial;
            table[i] = crc;
        }

        return table;
    }
}
