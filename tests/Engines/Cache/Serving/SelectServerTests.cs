using Groundwork.Cache.Serving.Transport;

namespace Groundwork.Cache.Tests.Serving;

public sealed class SelectServerTests : ServerContract
{
    private protected override Sockets Sockets { get; } = new SelectSockets();
}
