using System.Buffers;
using System.Buffers.Binary;

namespace Groundwork.Cache.Dumps;

/// <summary>
/// A value as Redis' DUMP gives it, which Redis, its replicas and its backups read:
/// <c>type (1) · value · version (2, little-endian) · CRC-64 of all before (8, little-endian)</c>.
/// </summary>
internal static class Dump
{
    /// <summary>The version that is written: that of Redis 7.0.</summary>
    public const int Version = 10;

    // That of Redis 7.2, whose types of values are read as well.
    private const int LatestVersion = 11;

    private const int VersionBytes = sizeof(ushort);
    private const int FooterBytes = VersionBytes + sizeof(ulong);

    /// <summary>Whether bytes end as a dump does: with a version that is known, and their checksum.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> dump) =>
        dump.Length > FooterBytes
        && BinaryPrimitives.ReadUInt16LittleEndian(dump[^FooterBytes..]) <= LatestVersion
        && BinaryPrimitives.ReadUInt64LittleEndian(dump[^sizeof(ulong)..]) == Crc64.Of(dump[..^sizeof(ulong)]);

    /// <summary>Shows the value of a whole dump to a sink.</summary>
    /// <returns>False where it is malformed, empty, or of a type that is not here; the sink may have seen a part then.</returns>
    public static bool TryRead<TSink>(ReadOnlySpan<byte> dump, ref TSink sink)
        where TSink : IDumpSink, allows ref struct
    {
        var reader = new DumpReader(dump[1..^FooterBytes]);
        try
        {
            return DumpedValue.TryRead((DumpType)dump[0], ref reader, ref sink) && !reader.Failed && reader.IsAtEnd;
        }
        finally
        {
            reader.Dispose();
        }
    }

    /// <summary>Writes what stands behind a value, which is all that was written so far.</summary>
    public static void Finish(ArrayBufferWriter<byte> dump)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(dump.GetSpan(VersionBytes), Version);
        dump.Advance(VersionBytes);
        var crc = Crc64.Of(dump.WrittenSpan);
        BinaryPrimitives.WriteUInt64LittleEndian(dump.GetSpan(sizeof(ulong)), crc);
        dump.Advance(sizeof(ulong));
    }
}
