using System.Net;
using System.Net.Sockets;

namespace Groundwork.Ports.Listening;

/// <summary>Why a server could not listen.</summary>
/// <param name="Address">The address that it was.</param>
/// <param name="Error">What the system says, such as <see cref="SocketError.AddressAlreadyInUse"/>.</param>
public sealed record ListenFailure(EndPoint Address, SocketError Error)
{
    /// <summary>What is wrong, as a sentence.</summary>
    public string Message => Error switch
    {
        SocketError.AddressAlreadyInUse => $"{Address} is taken by another program.",
        SocketError.AddressNotAvailable => $"{Address} is not an address of this machine.",
        SocketError.AccessDenied => $"Listening on {Address} is not allowed to this user.",
        _ => $"{Address} can't be listened on: {Error}.",
    };
}
