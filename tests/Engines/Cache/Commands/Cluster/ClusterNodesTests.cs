using System.Diagnostics;
using System.Net;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Cache.Serving;
using Groundwork.Cache.Tests.Serving;

namespace Groundwork.Cache.Tests.Commands.Cluster;

/// <summary>Two nodes, each with its own keys, on sockets.</summary>
public sealed class ClusterNodesTests : IAsyncLifetime
{
    private readonly CacheEngine[] _engines = new CacheEngine[2];
    private readonly RespServer[] _servers = new RespServer[2];

    public ValueTask InitializeAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            var engine = _engines[i] = new CacheEngine(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), TimeProvider.System, new Random(i));
            _servers[i] = new RespServer(
                new ServerOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 0)], Loops = 1 },
                connection => new Session(engine, connection), TimeProvider.System);
            Assert.Null(_servers[i].Start());
            engine.Server = _servers[i];
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
        foreach (var engine in _engines)
            engine.Dispose();
    }

    [Fact]
    public void A_client_that_follows_finds_every_key_at_its_node()
    {
        GiveHalves(epoch: 1);
        using var client = new FollowingClient(_servers[0].Addresses[0]);
        for (var i = 0; i < 200; i++)
            Assert.Equal("+OK", client.Ask($"SET key{i} value{i}"));
        Assert.Equal(200, _engines.Sum(e => e.Keyspace.Count(0)));
        Assert.All(_engines, e => Assert.InRange(e.Keyspace.Count(0), 50, 150));
        for (var i = 0; i < 200; i++)
            Assert.Equal("$" + $"value{i}".Length, client.Ask($"GET key{i}"));
    }

    [Fact]
    public void Keys_with_one_hash_tag_lie_together()
    {
        GiveHalves(epoch: 1);
        using var client = new FollowingClient(_servers[0].Addresses[0]);
        Assert.Equal("+OK", client.Ask("MSET {user:1}name x {user:1}age 3"));
        Assert.Equal("*2", client.Ask("MGET {user:1}name {user:1}age"));
    }

    [Fact]
    public void A_slot_that_goes_to_the_other_node_is_written_there_only()
    {
        GiveHalves(epoch: 1);
        using var client = new FollowingClient(_servers[0].Addresses[0]);
        client.Ask("SET b 1");
        Give(0, TestMap.Copy(2, TestMap.First, Address(1), Address(0)).Replace($"myid {TestMap.First}", $"myid {TestMap.Second}", StringComparison.Ordinal));
        Give(1, TestMap.Copy(2, TestMap.First, Address(1), Address(0)));
        Assert.Equal("+OK", client.Ask("SET b 2"));
        Assert.Equal((0, 1), (_engines[0].Keyspace.Count(0), _engines[1].Keyspace.Count(0)));
        Assert.StartsWith("-STALE epoch 1", new CacheClient(_engines[0]).Ask(TestMap.Halves(1, TestMap.First)), StringComparison.Ordinal);
        Assert.StartsWith("-MOVED", new CacheClient(_engines[0]).Ask("get b"), StringComparison.Ordinal);
        Assert.Equal("$-1", new CacheClient(_engines[0]).AskAll("readonly; get b"));
    }

    [Fact]
    public async Task The_command_line_client_of_redis_follows()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(p => File.Exists(Path.Combine(p, "redis-cli"))))
            Assert.Skip("redis-cli is not in PATH: install Redis' tools.");
        GiveHalves(epoch: 1);
        var port = ((IPEndPoint)_servers[0].Addresses[0]).Port;
        using var cli = Process.Start(new ProcessStartInfo("redis-cli", ["-c", "-p", $"{port}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await cli.StandardInput.WriteAsync("set a 1\nset b 2\nget a\nget b\n");
        cli.StandardInput.Close();
        var output = await cli.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await cli.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("OK OK 1 2", string.Join(' ', output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith("->", StringComparison.Ordinal))));
    }

    private string Address(int node) => $"{_servers[node].Addresses[0]}";

    private void Give(int node, string map) => Assert.Equal("+OK", new CacheClient(_engines[node]).Ask(map));

    private void GiveHalves(int epoch)
    {
        Give(0, TestMap.Halves(epoch, TestMap.First, Address(0), Address(1)));
        Give(1, TestMap.Halves(epoch, TestMap.Second, Address(0), Address(1)));
    }

    /// <summary>Asks where it is told to ask. Answers are their first line.</summary>
    private sealed class FollowingClient(EndPoint first) : IDisposable
    {
        private readonly Dictionary<string, TestClient> _clients = [];
        private string _current = $"{first}";

        public string Ask(string request)
        {
            for (var hops = 0; hops < 5; hops++)
            {
                var answer = AskAt(_current, request);
                if (!answer.StartsWith("-MOVED ", StringComparison.Ordinal))
                    return answer;
                _current = answer.Split(' ')[2];
            }

            throw new InvalidOperationException("Sent round in a circle.");
        }

        public void Dispose()
        {
            foreach (var client in _clients.Values)
                client.Dispose();
        }

        private string AskAt(string address, string request)
        {
            // The end of the answer is where the next one begins.
            if (!_clients.TryGetValue(address, out var client))
                _clients[address] = client = new TestClient(IPEndPoint.Parse(address));
            client.Send(request + "\r\nPING\r\n");
            var all = "";
            while (!all.EndsWith("+PONG\r\n", StringComparison.Ordinal))
                all += client.Read(1);
            return all.Split("\r\n")[0];
        }
    }
}
