using System.Net;

namespace Groundwork.Cache.Serving.Transport;

/// <summary>The socket of one connection.</summary>
internal abstract unsafe class Channel : Pollable
{
    /// <summary>Nothing is there to read, or there is no room to send.</summary>
    public const int WouldBlock = -1;

    /// <summary>The connection is broken.</summary>
    public const int Broken = -2;

    /// <summary>Where the client is; null where the system does not say.</summary>
    public abstract EndPoint? Remote { get; }

    /// <summary>Where the client came to.</summary>
    public abstract EndPoint? Local { get; }

    /// <summary>Reads what is there: how many bytes, 0 at the end, or <see cref="WouldBlock"/> or <see cref="Broken"/>.</summary>
    public abstract int Receive(byte* to, int length);

    /// <summary>Sends what there is room for: how many bytes, or <see cref="WouldBlock"/> or <see cref="Broken"/>.</summary>
    public abstract long Send(Slice* slices, int count);
}
