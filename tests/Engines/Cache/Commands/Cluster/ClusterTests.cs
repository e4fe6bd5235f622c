using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Commands.Cluster;

public sealed class ClusterTests : IDisposable
{
    private const int SlotOfA = 15495;
    private const int SlotOfB = 3300;

    private readonly CacheEngine _engine;
    private readonly CacheClient _client;
    private readonly CacheClient _other;

    public ClusterTests()
    {
        _engine = new CacheEngine(
            new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50)), new Random(1));
        (_client, _other) = (new CacheClient(_engine), new CacheClient(_engine));
    }

    public void Dispose() => _engine.Dispose();

    // As a redis-server 7.0 that is no node answers.
    [Theory]
    [InlineData("cluster info")]
    [InlineData("cluster slots")]
    [InlineData("cluster keyslot a")]
    [InlineData("readonly")]
    [InlineData("readwrite")]
    [InlineData("asking")]
    public void Without_a_map_there_is_no_cluster(string line) =>
        Assert.Equal("-ERR This instance has cluster support disabled", _client.Ask(line));

    // As redis-server 7.0 answers in a cluster.
    [Theory]
    [InlineData("set b 1", "+OK")]
    [InlineData("set a 1", "-MOVED 15495 127.0.0.1:7002")]
    [InlineData("get a", "-MOVED 15495 127.0.0.1:7002")]
    [InlineData("readonly; get a", "-MOVED 15495 127.0.0.1:7002")]
    [InlineData("asking; get a", "-MOVED 15495 127.0.0.1:7002")]
    [InlineData("mget a b", "-CROSSSLOT Keys in request don't hash to the same slot")]
    [InlineData("mset b 1 x 2", "-CROSSSLOT Keys in request don't hash to the same slot")]
    [InlineData("mset {b}1 1 {b}2 2", "+OK")]
    [InlineData("mset {b}1 1 {b}2 2; mget {b}1 {b}2", "*2|$1|1|$1|2")]
    [InlineData("del b b", ":0")]
    [InlineData("multi; set a 1", "-MOVED 15495 127.0.0.1:7002")]
    [InlineData("multi; set a 1; exec", "-EXECABORT Transaction discarded because of previous errors.")]
    [InlineData("multi; set b 1; set f 1; exec", "-CROSSSLOT Keys in request don't hash to the same slot")]
    [InlineData("multi; set b 1; set f 1; exec; get b", "$-1")]
    [InlineData("multi; set {b}1 1; get {b}1; exec", "*2|+OK|$1|1")]
    [InlineData("watch a", "-MOVED 15495 127.0.0.1:7002")]
    [InlineData("select 0", "+OK")]
    [InlineData("select 1", "-ERR SELECT is not allowed in cluster mode")]
    [InlineData("swapdb 0 1", "-ERR SWAPDB is not allowed in cluster mode")]
    [InlineData("move b 1", "-ERR MOVE is not allowed in cluster mode")]
    [InlineData("set b 1; copy b {b}c db 1", "-ERR Copying to another database is not allowed in cluster mode")]
    [InlineData("set b 1; dbsize", ":1")]
    [InlineData("flushall", "+OK")]
    [InlineData("cluster keyslot a", ":15495")]
    [InlineData("cluster keyslot {a}bc", ":15495")]
    [InlineData("cluster keyslot a{}bc", ":1075")]
    [InlineData("mset {b}1 1 {b}2 2; cluster countkeysinslot 3300", ":2")]
    [InlineData("set {b}1 1; cluster getkeysinslot 3300 10", "*1|$4|{b}1")]
    [InlineData("cluster getkeysinslot 3300 10", "*0")]
    [InlineData("cluster countkeysinslot 16384", "-ERR Invalid slot")]
    [InlineData("cluster getkeysinslot 1 -1", "-ERR Invalid slot or number of keys")]
    [InlineData("cluster myid", "$40|" + TestMap.First)]
    [InlineData("cluster nonsense", "-ERR unknown subcommand 'nonsense'. Try CLUSTER HELP.")]
    [InlineData("config get cluster-enabled", "*2|$15|cluster-enabled|$3|yes")]
    public void A_node_answers_for_its_slots_and_names_the_node_of_the_others(string lines, string answer)
    {
        Assert.Equal("+OK", _client.Ask(TestMap.Halves(1, TestMap.First)));
        Assert.Equal(answer, _client.AskAll(lines));
    }

    [Fact]
    public void Clients_read_the_map_in_the_words_of_redis()
    {
        _client.Ask(TestMap.Halves(7, TestMap.First));
        Assert.Equal(
            $"*2|*3|:0|:8191|*4|$9|127.0.0.1|:7001|$40|{TestMap.First}|*0|*3|:8192|:16383|*4|$9|127.0.0.1|:7002|$40|{TestMap.Second}|*0",
            _client.Ask("cluster slots"));
        Assert.EndsWith(
            $"|{TestMap.First} 127.0.0.1:7001@0 myself,master - 0 0 7 connected 0-8191\n"
            + $"{TestMap.Second} 127.0.0.1:7002@0 master - 0 0 7 connected 8192-16383\n",
            _client.Ask("cluster nodes"),
            StringComparison.Ordinal);
        Assert.Contains("cluster_state:ok|cluster_slots_assigned:16384|", _client.Ask("cluster info"));
        Assert.Contains("cluster_current_epoch:7|", _client.Ask("cluster info"));
        Assert.Contains("cluster_enabled:1", _client.Ask("info cluster"));
        Assert.Contains("redis_mode:cluster", _client.Ask("info server"));
        Assert.Contains("|$7|cluster|", _client.Ask("hello"));
    }

    [Fact]
    public void Shards_name_their_replicas()
    {
        _client.Ask(TestMap.Copy(1, TestMap.Second));
        Assert.Equal(
            "*1|*4|$5|slots|*2|:0|:16383|$5|nodes|*2|"
            + $"*14|$2|id|$40|{TestMap.First}|$4|port|:7001|$2|ip|$9|127.0.0.1|$8|endpoint|$9|127.0.0.1|$4|role|$6|master|$18|replication-offset|:0|$6|health|$6|online|"
            + $"*14|$2|id|$40|{TestMap.Second}|$4|port|:7002|$2|ip|$9|127.0.0.1|$8|endpoint|$9|127.0.0.1|$4|role|$7|replica|$18|replication-offset|:0|$6|health|$6|online",
            _client.Ask("cluster shards"));
        Assert.Contains($"{TestMap.Second} 127.0.0.1:7002@0 myself,slave {TestMap.First} 0 0 1 connected\n", _client.Ask("cluster nodes"));
    }

    [Theory]
    [InlineData("get a", "-MOVED 15495 127.0.0.1:7001")]
    [InlineData("readonly; get a", "$-1")]
    [InlineData("readonly; multi; get a; exec", "*1|$-1")]
    [InlineData("readonly; readwrite; get a", "-MOVED 15495 127.0.0.1:7001")]
    [InlineData("readonly; reset; get a", "-MOVED 15495 127.0.0.1:7001")]
    [InlineData("readonly; set a 1", "-MOVED 15495 127.0.0.1:7001")]
    [InlineData("flushall", "-READONLY You can't write against a read only replica.")]
    [InlineData("role", "*5|$5|slave|$9|127.0.0.1|:7001|$7|connect|:-1")]
    public void A_replica_refuses_writes_and_serves_who_may_read_copies(string lines, string answer)
    {
        Assert.Equal("+OK", _client.Ask(TestMap.Copy(1, TestMap.Second)));
        Assert.Equal(answer, _client.AskAll(lines));
        Assert.Contains("role:slave|master_host:127.0.0.1|master_port:7001|", _client.Ask("info replication"));
    }

    [Fact]
    public void A_map_is_refused_whose_epoch_is_not_above_the_one_in_force()
    {
        Assert.Equal("+OK", _client.Ask(TestMap.Halves(5, TestMap.First)));
        Assert.Equal("-STALE epoch 5 is not above 5, which is in force", _client.Ask(TestMap.Halves(5, TestMap.Second)));
        Assert.Equal("-STALE epoch 4 is not above 5, which is in force", _client.Ask(TestMap.Halves(4, TestMap.Second)));
        Assert.Equal("$40|" + TestMap.First, _client.Ask("cluster myid"));
        Assert.Equal("+OK", _client.Ask(TestMap.Halves(6, TestMap.Second)));
        Assert.Equal("$40|" + TestMap.Second, _client.Ask("cluster myid"));
    }

    [Theory]
    [InlineData("cluster setmap x myid a", "-ERR Invalid config epoch specified: it is a whole number from 1")]
    [InlineData("cluster setmap 0 myid a", "-ERR Invalid config epoch specified: it is a whole number from 1")]
    [InlineData("cluster setmap 1 node a", "-ERR MYID and this node's id follow the epoch")]
    [InlineData("cluster setmap 1 myid ID", "-ERR MYID is none of the nodes")]
    [InlineData("cluster setmap 1 myid ID node x h:1", "-ERR a node's id is 40 hexadecimal digits in lower case, not 'x'")]
    [InlineData("cluster setmap 1 myid ID node ID h", "-ERR a node's address is host:port, not 'h'")]
    [InlineData("cluster setmap 1 myid ID node ID h:99999", "-ERR a node's address is host:port, not 'h:99999'")]
    [InlineData("cluster setmap 1 myid ID node ID h:1 slots 5-4", "-ERR Invalid or out of range slot in '5-4'")]
    [InlineData("cluster setmap 1 myid ID node ID h:1 slots 0-16384", "-ERR Invalid or out of range slot in '0-16384'")]
    [InlineData("cluster setmap 1 myid ID node ID h:1 slots 0-5,3", "-ERR Slot 3 specified multiple times")]
    [InlineData("cluster setmap 1 myid ID node ID h:1 slots 0-5", "-ERR slot 6 has no node")]
    [InlineData("cluster setmap 1 myid ID node ID h:1 node ID h:2", "-ERR node ID is given twice")]
    [InlineData("cluster setmap 1 myid ID node ID h:1 replicaof ID", "-ERR node ID is a replica of no primary")]
    [InlineData("cluster setmap 1 myid ID node ID h:1 slot 1", "-ERR NODE, an id and host:port are expected at 'slot'")]
    public void A_map_that_is_none_says_why(string line, string answer)
    {
        Assert.Equal(
            answer.Replace("ID ", TestMap.First + " ", StringComparison.Ordinal).Replace("MY" + TestMap.First, "MYID", StringComparison.Ordinal),
            _client.Ask(line.Replace("ID", TestMap.First, StringComparison.Ordinal)));
        Assert.Equal("-ERR This instance has cluster support disabled", _client.Ask("cluster info"));
    }

    [Fact]
    public void Keys_outside_the_first_database_are_in_the_way_of_a_cluster()
    {
        _client.AskAll("select 3; set b 1");
        Assert.Equal("-ERR You can't have keys in a DB different than DB 0 when in Cluster mode.", _other.Ask(TestMap.Halves(1, TestMap.First)));
        _client.Ask("del b");
        Assert.Equal("+OK", _other.Ask(TestMap.Halves(1, TestMap.First)));
        Assert.Equal("-ERR SELECT is not allowed in cluster mode", _client.Ask("set b 1"));
        Assert.Equal("+OK", _client.AskAll("select 0; set b 1"));
    }

    [Fact]
    public void The_ring_s_slots_make_a_map()
    {
        Assert.Equal("+OK", _client.Ask(TestMap.Ring(1, TestMap.First)));
        Assert.Contains("cluster_size:3|", _client.Ask("cluster info"));
        var answers = Enumerable.Range(0, 300).Select(i => _client.Ask($"set key{i} x")).ToList();
        Assert.InRange(answers.Count(a => a == "+OK"), 50, 150);
        Assert.Equal(2, answers.Where(a => a.StartsWith("-MOVED", StringComparison.Ordinal)).Select(a => a.Split(' ')[2]).Distinct().Count());
    }

    [Fact]
    public void Keys_of_a_slot_that_has_gone_elsewhere_are_forgotten_and_never_remembered()
    {
        _client.AskAll("set a 1; set b 1");
        _client.Ask(TestMap.Halves(1, TestMap.First));
        Assert.Equal(":0", _client.Ask($"cluster countkeysinslot {SlotOfA}"));
        Assert.Equal("$1|1", _client.Ask("get b"));
        _client.Ask(TestMap.Whole(2, TestMap.First, TestMap.Second));
        Assert.Equal(":0", _client.Ask($"cluster countkeysinslot {SlotOfB}"));
        _client.Ask(TestMap.Whole(3, TestMap.First, TestMap.First));
        Assert.Equal("$-1", _client.Ask("get b"));
    }

    [Fact]
    public void Whoever_keeps_copies_is_told_of_keys_that_have_gone_elsewhere()
    {
        _client.AskAll("set a 1; hello 3; client tracking on; get a");
        _other.Ask(TestMap.Halves(1, TestMap.First));
        Assert.Equal(">2|$10|invalidate|*1|$1|a|", _client.Posted);
    }

    [Fact]
    public void Whoever_waits_for_a_key_is_sent_after_it()
    {
        _client.Ask("blpop a 0");
        _other.Ask(TestMap.Halves(1, TestMap.First));
        Assert.Equal("-MOVED 15495 127.0.0.1:7002|", _client.Posted);
        Assert.False(_client.IsPaused);
    }

    [Fact]
    public void A_transaction_queued_under_the_old_map_is_not_run_under_the_new_one()
    {
        _client.Ask(TestMap.Whole(1, TestMap.First, TestMap.First));
        _client.AskAll("multi; set a 1");
        _other.Ask(TestMap.Halves(2, TestMap.First));
        Assert.Equal("-MOVED 15495 127.0.0.1:7002", _client.Ask("exec"));
        Assert.Equal("-ERR EXEC without MULTI", _client.Ask("exec"));
    }

    [Fact]
    public async Task A_write_that_was_let_in_has_ended_when_the_new_map_is_acknowledged()
    {
        for (var epoch = 1; epoch < 100; epoch += 2)
        {
            _other.Ask(TestMap.Whole(epoch, TestMap.First, TestMap.First));
            using var begun = new CountdownEvent(2);
            var writers = Enumerable.Range(0, 2).Select(n => Task.Run(() => WriteUntilMoved(n, begun), TestContext.Current.CancellationToken)).ToArray();
            begun.Wait(TestContext.Current.CancellationToken);
            Assert.Equal("+OK", _other.Ask(TestMap.Whole(epoch + 1, TestMap.First, TestMap.Second)));
            Assert.Equal(":0", _other.Ask("dbsize"));
            await Task.WhenAll(writers);
            Assert.Equal(":0", _other.Ask("dbsize"));
        }
    }

    private void WriteUntilMoved(int number, CountdownEvent begun)
    {
        var client = new CacheClient(_engine);
        for (var i = 0; ; i++)
        {
            var answer = client.Ask(i % 2 == 0 ? $"incr n{number}" : $"mset {{n{number}}}1 x {{n{number}}}2 x");
            if (i == 10)
                begun.Signal();
            if (answer.StartsWith("-MOVED", StringComparison.Ordinal))
                return;
        }
    }
}
