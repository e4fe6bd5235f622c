using System.Net;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Cache.Serving;

namespace Groundwork.Cache.Benchmarks;

/// <summary>Our server, as it is in the program, on a spare port of loopback.</summary>
internal sealed class CacheUnderLoad : IAsyncDisposable
{
    private const int Shards = 16;

    private readonly CacheEngine _engine;
    private readonly CacheUpkeep _upkeep;
    private readonly RespServer _server;

    /// <param name="mebibytes">Its bound.</param>
    public CacheUnderLoad(int mebibytes)
    {
        _engine = new CacheEngine(new KeyspaceOptions((long)mebibytes << 20, EvictionPolicy.AllKeysTinyLfu, Shards), TimeProvider.System, Random.Shared);
        _upkeep = new CacheUpkeep(_engine, TimeProvider.System);
        _server = new RespServer(
            new ServerOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 0)] }, connection => new Session(_engine, connection), TimeProvider.System);
        if (_server.Start() is { } failure)
            throw new InvalidOperationException(failure.Message);
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_server.Addresses[0]).Port;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _upkeep.DisposeAsync();
        _engine.Dispose();
    }
}
