using System.Net.Sockets;

namespace Groundwork.Cache.Serving.Transport;

/// <summary>What a <see cref="SelectPoller"/> waits for.</summary>
internal interface ISelectable
{
    Socket Socket { get; }
}
