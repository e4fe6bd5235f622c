using System.Buffers.Binary;
using System.Net;

namespace Groundwork.Cache.Serving.Transport;

/// <summary>Reads Linux's <c>struct sockaddr</c>.</summary>
internal static unsafe class LinuxAddress
{
    /// <summary>The largest of its kinds, that of a path.</summary>
    public const int MaxBytes = 112;

    private const ushort Inet = 2;
    private const ushort Inet6 = 10;

    /// <summary>The address; null for the other end of a Unix socket, which has none, and for what is not known.</summary>
    public static IPEndPoint? Read(byte* address, uint bytes)
    {
        var all = new ReadOnlySpan<byte>(address, (int)Math.Min(bytes, MaxBytes));
        if (all.Length < 16)
            return null;
        var port = BinaryPrimitives.ReadUInt16BigEndian(all[2..]);
        return BitConverter.ToUInt16(all) switch
        {
            Inet => new IPEndPoint(new IPAddress(all.Slice(4, 4)), port),
            Inet6 when all.Length >= 28 => new IPEndPoint(new IPAddress(all.Slice(8, 16), BitConverter.ToUInt32(all[24..])), port),
            _ => null,
        };
    }
}
