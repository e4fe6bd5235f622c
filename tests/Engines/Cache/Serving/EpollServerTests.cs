using Groundwork.Cache.Serving.Transport;

namespace Groundwork.Cache.Tests.Serving;

public sealed class EpollServerTests : ServerContract
{
    public EpollServerTests() => Assert.SkipUnless(EpollSockets.IsSupported, "Linux only.");

    private protected override Sockets Sockets { get; } = new EpollSockets();
}
