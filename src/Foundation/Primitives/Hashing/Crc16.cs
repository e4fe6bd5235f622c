namespace Groundwork.Primitives.Hashing;

/// <summary>
/// CRC-16/XMODEM, by which Redis Cluster finds a key's slot: polynomial 0x1021, starting from 0, nothing reflected, nothing
/// inverted; 0x31C3 of <c>123456789</c>. Pure; allocates nothing.
/// </summary>
/// <remarks>
/// Eight bytes a step, by a table for each place ("slicing-by-8", M. Kounavis and F. Berry, "Novel table lookup-based
/// algorithms for high-performance CRC generation", IEEE TC 57(11), 2008); 4 KB of tables. It finds errors, it is no hash
/// against people: keys of any wanted slot are made at will.
/// </remarks>
public static class Crc16
{
    private const int Polynomial = 0x1021;
    private const int Slices = 8;

    private static readonly ushort[] Tables = MakeTables();

    /// <summary>The check value of some bytes; 0 of none.</summary>
    public static ushort Hash(ReadOnlySpan<byte> data)
    {
        // What does not fill a step comes first: as it starts from 0, zeros before it would change nothing, and no lookup waits for another.
        ReadOnlySpan<ushort> tables = Tables;
        var crc = 0;
        var first = data.Length % Slices;
        for (var i = 0; i < first; i++)
            crc ^= tables[((first - 1 - i) << 8) | data[i]];
        data = data[first..];

        while (data.Length >= Slices)
        {
            crc = tables[(7 << 8) | (data[0] ^ (crc >> 8))] ^ tables[(6 << 8) | (data[1] ^ (crc & 0xFF))]
                ^ tables[(5 << 8) | data[2]] ^ tables[(4 << 8) | data[3]]
                ^ tables[(3 << 8) | data[4]] ^ tables[(2 << 8) | data[5]]
                ^ tables[(1 << 8) | data[6]] ^ tables[data[7]];
            data = data[Slices..];
        }

        return (ushort)crc;
    }

    // Table k holds what a byte comes to when k more bytes, all zero, have followed it.
    private static ushort[] MakeTables()
    {
        var tables = new ushort[Slices << 8];
        for (var value = 0; value < 256; value++)
        {
            var crc = value << 8;
            for (var slice = 0; slice < Slices; slice++)
            {
                for (var bit = 0; bit < 8; bit++)
                    crc = ((crc << 1) ^ ((crc & 0x8000) != 0 ? Polynomial : 0)) & 0xFFFF;
                tables[(slice << 8) | value] = (ushort)crc;
            }
        }

        return tables;
    }
}
