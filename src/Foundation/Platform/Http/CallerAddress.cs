using System.Net;
using System.Net.Sockets;

namespace Groundwork.Platform.Http;

/// <summary>An address as callers are counted by: of IPv6 the /64, of which one customer has all.</summary>
public static class CallerAddress
{
    /// <summary>What all addresses of one caller have in common; <see cref="IPAddress.None"/> where there is no address.</summary>
    public static IPAddress Of(IPAddress? address)
    {
        if (address is null)
            return IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }
}
