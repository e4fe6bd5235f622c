using System.Collections.Concurrent;
using System.Net;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Serving;
using Groundwork.Cache.Serving.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Serving;

/// <summary>A server on a port of its own whose clock stands still.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<long, TestSession> _sessions = new();

    public TestServer(Sockets sockets, ClientLimits? limits = null, int loops = 2, EndPoint? listen = null)
    {
        Server = new RespServer(
            new ServerOptions
            {
                Listen = [listen ?? new IPEndPoint(IPAddress.Loopback, 0)],
                Loops = loops,
                Limits = limits ?? new ClientLimits(),
                OnFailure = Failures.Add,
            },
            connection => _sessions[connection.Id] = new TestSession(connection),
            Time,
            sockets);
        Assert.Null(Server.Start());
    }

    public RespServer Server { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public ConcurrentBag<Exception> Failures { get; } = [];

    public EndPoint Address => Server.Addresses[0];

    public ICollection<TestSession> Sessions => _sessions.Values;

    /// <summary>Waits for what another thread is about to do.</summary>
    public static void Await(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(30)));

    public TestClient Connect(int? receiveBufferBytes = null) => new(Address, receiveBufferBytes);

    /// <summary>A client that is being served, and its session.</summary>
    public (TestClient Client, TestSession Session) ConnectAndFind(int? receiveBufferBytes = null)
    {
        var before = _sessions.Keys.ToHashSet();
        var client = Connect(receiveBufferBytes);
        client.Ask("PING\r\n", "+PONG\r\n");
        return (client, _sessions.Single(s => !before.Contains(s.Key)).Value);
    }

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();
}
