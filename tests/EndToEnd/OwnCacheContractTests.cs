using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Groundwork.EndToEnd.Tests;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Settings;
using Groundwork.Redis;
using Groundwork.Testing;
using Groundwork.Testing.Caching;
using Groundwork.Testing.Processes;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(OwnCache))]

namespace Groundwork.EndToEnd.Tests;

/// <summary>The Cache port reached through the Redis adapter, served by another copy of this program.</summary>
public sealed class OwnCacheContractTests(OwnCache shared) : SharedCacheContract
{
    private string _connection = "";

    public override async ValueTask InitializeAsync() => _connection = await shared.GetAsync(Token);

    [Fact]
    public async Task Leases_are_the_servers_own_and_leave_no_key_behind()
    {
        var space = NewSpace();
        await TakeAsync(OpenOwn(space), "a");

        Assert.Equal(":0", await shared.AskAsync($"exists gw-lease:{{{space.Name}:a}}", Token));
        Assert.StartsWith("*4", await shared.AskAsync($"getlease gw:{{{space.Name}:a}}", Token), StringComparison.Ordinal);
    }

    protected override ISharedCacheServer CreateServer() => new RedisEngine().Create(new CacheServerContext(
        SettingValues.Of((CacheSettings.Connection, _connection), (CacheSettings.Timeout, "10s")), TimeProvider.System, NullLoggerFactory.Instance));

    // One machine, one clock: a key is gone from the first millisecond after its end.
    protected override async Task PassAsync(TimeSpan time)
    {
        var end = DateTimeOffset.UtcNow + time + TimeSpan.FromMilliseconds(1);
        while (DateTimeOffset.UtcNow <= end)
            await Task.Delay(1, Token);
    }
}

/// <summary>The program as a cache for others, started when a test first asks for it.</summary>
public sealed class OwnCache : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly TempFolder _folder = new();
    private readonly int _port = SparePort.Next();
    private GroundworkProcess? _process;

    /// <summary>Where it is, as <c>Cache:Connection</c> has it.</summary>
    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            _process ??= await GroundworkProcess.StartAsync(_folder["data"], $"--Cache:Listen=127.0.0.1:{_port}");
            return string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Asks it something, past the port.</summary>
    /// <returns>The first line of the answer.</returns>
    public async Task<string> AskAsync(string command, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port, cancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"{command}\r\n"), cancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync(cancellationToken) ?? "";
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _folder.Dispose();
        _starting.Dispose();
    }
}
