using System.Net;
using System.Net.Sockets;
using System.Text;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Serving;
using Groundwork.Ports.Listening;
using Groundwork.Testing;
using Sockets = Groundwork.Cache.Serving.Transport.Sockets;

namespace Groundwork.Cache.Tests.Serving;

/// <summary>What clients can rely on, whichever sockets the server stands on.</summary>
public abstract class ServerContract
{
    private const string Ping = "*1\r\n$4\r\nPING\r\n";
    private const string Pong = "+PONG\r\n";

    private protected abstract Sockets Sockets { get; }

    [Fact]
    public async Task Pipelined_commands_are_answered_in_order()
    {
        await using var server = new TestServer(Sockets);
        using var client = server.Connect();
        var requests = new StringBuilder();
        var replies = new StringBuilder();
        for (var i = 0; i < 20_000; i++)
        {
            requests.Append($"*2\r\n$4\r\nECHO\r\n$5\r\n{i:00000}\r\n");
            replies.Append($"$5\r\n{i:00000}\r\n");
        }

        client.Send(requests.ToString());

        client.Expect(replies.ToString());
    }

    [Fact]
    public async Task What_many_clients_send_at_a_time_is_answered_each_in_its_order()
    {
        await using var server = new TestServer(Sockets);
        var clients = Enumerable.Range(0, 20).Select(_ => server.Connect()).ToList();
        foreach (var (number, client) in clients.Index())
            client.Send(string.Concat(Enumerable.Range(0, 100).Select(i => $"*2\r\n$4\r\nECHO\r\n$5\r\n{number:00}{i:000}\r\n")));

        foreach (var (number, client) in clients.Index())
        {
            client.Expect(string.Concat(Enumerable.Range(0, 100).Select(i => $"$5\r\n{number:00}{i:000}\r\n")));
            client.Dispose();
        }
    }

    [Fact]
    public async Task A_request_that_comes_byte_by_byte_is_answered()
    {
        await using var server = new TestServer(Sockets);
        using var client = server.Connect();
        foreach (var letter in $"{Ping}PING\r\n*2\r\n$4\r\nECHO\r\n$3\r\na\r\n\r\n")
            client.Send([(byte)letter]);

        client.Expect($"{Pong}{Pong}$3\r\na\r\n\r\n");
    }

    [Fact]
    public async Task A_large_argument_passes_and_leaves_no_buffer_behind()
    {
        await using var server = new TestServer(Sockets);
        var (client, session) = server.ConnectAndFind();
        using var _ = client;
        var payload = new string('p', 20_000_000);
        var sending = Task.Run(() => client.Send($"*2\r\n$4\r\nECHO\r\n$20000000\r\n{payload}\r\n{Ping}"), TestContext.Current.CancellationToken);

        client.Expect("$20000000\r\n");
        Assert.True(client.Read(payload.Length) == payload);
        client.Expect("\r\n" + Pong);
        await sending;

        TestServer.Await(() => session.Connection is { MemoryBytes: 0, InputBytes: (0, 0), OutputBytes: 0 });
    }

    [Fact]
    public async Task What_other_threads_post_comes_whole_and_in_their_order_between_replies()
    {
        await using var server = new TestServer(Sockets);
        var (client, session) = server.ConnectAndFind();
        using var _ = client;
        var posters = Enumerable.Range(0, 3).Select(poster => Task.Run(() =>
        {
            for (var i = 0; i < 2000; i++)
                Assert.True(session.Connection.Post(Encoding.ASCII.GetBytes($"{poster}:{i:0000}\r\n")));
        }, TestContext.Current.CancellationToken)).ToArray();
        client.Send(string.Concat(Enumerable.Repeat(Ping, 3000)));

        var lines = client.Read((3 * 2000 * 8) + (3000 * Pong.Length)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        await Task.WhenAll(posters);

        Assert.Equal(3000, lines.Count(l => l == "+PONG"));
        for (var poster = 0; poster < 3; poster++)
            Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"{poster}:{i:0000}"), lines.Where(l => l.StartsWith($"{poster}:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_was_posted_before_a_command_came_is_sent_before_its_answer()
    {
        await using var server = new TestServer(Sockets, loops: 1);
        var (busy, holder) = server.ConnectAndFind();
        var (client, session) = server.ConnectAndFind();
        using var _ = busy;
        using var __ = client;
        busy.Send("HOLD\r\n");
        TestServer.Await(() => holder.IsHolding);

        // Both are there when the thread looks again.
        Assert.True(session.Connection.Post("+pushed\r\n"u8));
        client.Send(Ping);
        holder.Hold.Set();

        client.Expect("+pushed\r\n" + Pong);
    }

    [Fact]
    public async Task Who_is_to_be_closed_gets_nothing_more_also_before_its_thread_has_come_to_it()
    {
        await using var server = new TestServer(Sockets, loops: 1);
        var (busy, holder) = server.ConnectAndFind();
        var (client, session) = server.ConnectAndFind();
        using var _ = busy;
        using var __ = client;
        busy.Send("HOLD\r\n");
        TestServer.Await(() => holder.IsHolding);

        session.Connection.Close(CloseReason.BySession);
        Assert.False(session.Connection.Post("+pushed\r\n"u8));
        holder.Hold.Set();

        Assert.Equal("", client.ReadToEnd());
    }

    [Fact]
    public async Task What_a_command_posts_to_its_own_connection_comes_after_its_reply()
    {
        await using var server = new TestServer(Sockets);
        using var client = server.Connect();

        client.Ask("PUSH\r\n", "+OK\r\n+pushed\r\n");
    }

    [Fact]
    public async Task A_paused_connection_takes_no_command_until_it_is_resumed()
    {
        await using var server = new TestServer(Sockets);
        var (client, session) = server.ConnectAndFind();
        using var _ = client;
        client.Send($"BLOCK\r\n{Ping}");
        TestServer.Await(() => session.Commands == 2);
        client.Send("*2\r\n$4\r\nECHO\r\n$3\r\nab");

        session.Connection.Post("+answer\r\n"u8);
        client.Expect("+answer\r\n");
        Assert.Equal(2, session.Commands);
        session.Connection.Post("+last\r\n"u8);
        session.Connection.Resume();
        client.Send("c\r\n");

        client.Expect($"+last\r\n{Pong}$3\r\nabc\r\n");
    }

    [Fact]
    public async Task A_connection_may_pause_and_be_resumed_many_times()
    {
        await using var server = new TestServer(Sockets);
        var (client, session) = server.ConnectAndFind();
        using var _ = client;
        client.Send(string.Concat(Enumerable.Repeat($"BLOCK\r\n{Ping}", 500)));
        for (var i = 0; i < 500; i++)
        {
            TestServer.Await(() => session.Commands == 2 + (2 * i));
            session.Connection.Post("+answer\r\n"u8);
            session.Connection.Resume();
            client.Expect("+answer\r\n" + Pong);
        }
    }

    [Fact]
    public async Task A_paused_client_that_goes_away_is_noticed()
    {
        await using var server = new TestServer(Sockets);
        var (client, session) = server.ConnectAndFind();
        client.Send($"BLOCK\r\n{Ping}");
        TestServer.Await(() => session.Commands == 2);
        client.Send(Ping);
        client.EndSending();

        TestServer.Await(() => session.Closed is not null);
        Assert.Equal(CloseReason.ByClient, session.Closed);
        Assert.False(session.Connection.Post("+late\r\n"u8));
        session.Connection.Resume();
        session.Connection.Close(CloseReason.Killed);
        client.Dispose();
    }

    [Fact]
    public async Task A_paused_client_that_sends_on_is_read_from_a_little_only()
    {
        await using var server = new TestServer(Sockets);
        var (client, session) = server.ConnectAndFind();
        using var _ = client;
        client.Send("BLOCK\r\n");
        TestServer.Await(() => session.Commands == 2);
        var pings = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Ping, 2_000_000)));
        for (var at = 0; client.SendSome(pings.AsSpan(at)) is var sent and > 0; at += sent)
            TestServer.Await(() => session.Connection.InputBytes.Used > 64 * 1024);
        Assert.InRange(session.Connection.InputBytes.Used, 64 * 1024, 256 * 1024);
        Assert.Equal(2, session.Commands);

        session.Connection.Resume();

        client.Expect(string.Concat(Enumerable.Repeat(Pong, 100_000)));
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_not_read_from_and_gets_all_once_it_does()
    {
        const int Replies = 300;
        await using var server = new TestServer(Sockets, new ClientLimits { HeldBytes = 1_000_000 });
        var (client, session) = server.ConnectAndFind(receiveBufferBytes: 16 * 1024);
        using var _ = client;
        client.Send(string.Concat(Enumerable.Repeat("BIG 100000\r\n", Replies)));

        using (var other = server.Connect())
            other.Ask(Ping, Pong);
        TestServer.Await(() => session.Connection.OutputBytes > 1_000_000);
        Assert.InRange(session.Commands, 2, Replies - 1);
        for (var i = 0; i < Replies; i++)
            Assert.Equal("$100000\r\nb", client.Read(100_000 + 11)[..10]);

        client.Ask(Ping, Pong);
        Assert.InRange(session.MostOutput, 1, 1_000_000 + 256 * 1024 + 100_011);
    }

    [Fact]
    public async Task A_listener_that_does_not_read_is_cut_off_at_its_limit_and_others_do_not_notice()
    {
        await using var server = new TestServer(Sockets, new ClientLimits { PubSub = new OutputLimit(1_000_000, 0, 0) });
        var (slow, session) = server.ConnectAndFind(receiveBufferBytes: 16 * 1024);
        using var _ = slow;
        slow.Ask("LISTEN\r\n", "+OK\r\n");
        var message = new byte[10_000];
        var posted = 0;
        while (session.Connection.Post(message))
            Assert.True(++posted < 100_000);

        TestServer.Await(() => session.Closed is not null);
        Assert.Equal(CloseReason.OutputLimit, session.Closed);
        Assert.Equal(1, server.Server.Count().Closed(CloseReason.OutputLimit));
        Assert.Equal(0, session.Connection.MemoryBytes);
        using var other = server.Connect();
        other.Ask(Ping, Pong);
    }

    [Fact]
    public async Task A_reply_larger_than_the_limit_ends_its_connection()
    {
        await using var server = new TestServer(Sockets, new ClientLimits { Normal = new OutputLimit(1_000_000, 0, 0) });
        var (client, session) = server.ConnectAndFind();
        using var _ = client;

        client.Send("BIG 5000000\r\n");

        Assert.Equal("", client.ReadToEnd());
        Assert.Equal(CloseReason.OutputLimit, session.Closed);
    }

    [Fact]
    public async Task Above_the_soft_limit_a_client_is_cut_off_after_its_time()
    {
        await using var server = new TestServer(Sockets, new ClientLimits { PubSub = new OutputLimit(0, 100_000, 5) }, loops: 1);
        var (client, session) = server.ConnectAndFind(receiveBufferBytes: 16 * 1024);
        using var _ = client;
        client.Ask("LISTEN\r\n", "+OK\r\n");
        session.Connection.Post(new byte[20_000_000]);
        TestServer.Await(() => session.Connection.OutputBytes > 100_000);

        for (var second = 0; second < 6; second++)
        {
            Advance(server);
            Assert.Null(session.Closed);
        }

        Advance(server);
        TestServer.Await(() => session.Closed == CloseReason.OutputLimit);
    }

    [Fact]
    public async Task Who_falls_behind_little_by_little_is_cut_off_after_its_time_too()
    {
        await using var server = new TestServer(Sockets, new ClientLimits { PubSub = new OutputLimit(0, 100_000, 5) }, loops: 1);
        var (client, session) = server.ConnectAndFind(receiveBufferBytes: 16 * 1024);
        using var _ = client;
        using var other = server.Connect();
        client.Ask("LISTEN\r\n", "+OK\r\n");

        // The same thread serves the other one: by then it has taken what was posted before.
        for (var posted = 0; session.Connection.OutputBytes <= 150_000; posted++)
        {
            Assert.True(posted < 100_000);
            Assert.True(session.Connection.Post(new byte[2_000]));
            other.Ask(Ping, Pong);
        }

        for (var second = 0; second < 7; second++)
            Advance(server);
        TestServer.Await(() => session.Closed == CloseReason.OutputLimit);
    }

    [Fact]
    public async Task An_idle_client_is_closed_after_its_time_but_not_one_that_waits()
    {
        await using var server = new TestServer(Sockets, new ClientLimits { IdleSeconds = 10 }, loops: 1);
        var (idle, idleSession) = server.ConnectAndFind();
        var (waiting, waitingSession) = server.ConnectAndFind();
        var (listening, listeningSession) = server.ConnectAndFind();
        waiting.Send("BLOCK\r\n");
        TestServer.Await(() => waitingSession.Commands == 2);
        listening.Ask("LISTEN\r\n", "+OK\r\n");
        for (var second = 0; second < 10; second++)
            Advance(server);
        Assert.Null(idleSession.Closed);
        Assert.Equal(TimeSpan.FromSeconds(10), server.Time.GetUtcNow() - idleSession.Connection.LastInteraction);

        Advance(server);

        Assert.Equal("", idle.ReadToEnd());
        Assert.Equal(CloseReason.Idle, idleSession.Closed);
        Assert.Null(waitingSession.Closed);
        Assert.Null(listeningSession.Closed);
        idle.Dispose();
        waiting.Dispose();
        listening.Dispose();
    }

    [Fact]
    public async Task One_client_too_many_is_told_so()
    {
        await using var server = new TestServer(Sockets, new ClientLimits { MaxClients = 2 });
        using var first = server.Connect();
        first.Ask(Ping, Pong);
        var (second, secondSession) = server.ConnectAndFind();
        using (var third = server.Connect())
            Assert.Equal("-ERR max number of clients reached\r\n", third.ReadToEnd());
        Assert.Equal((3, 1), (server.Server.Count().Received, server.Server.Count().Rejected));

        second.Dispose();
        TestServer.Await(() => secondSession.Closed is not null && server.Server.Connected == 1);
        using var fourth = server.Connect();
        fourth.Ask(Ping, Pong);

        server.Server.Limits = server.Server.Limits with { MaxClients = 3 };
        using var fifth = server.Connect();
        fifth.Ask(Ping, Pong);
    }

    [Fact]
    public async Task A_malformed_request_is_answered_and_ends_the_connection()
    {
        await using var server = new TestServer(Sockets);
        var (client, session) = server.ConnectAndFind();
        using var _ = client;

        client.Send($"{Ping}*2\r\n$4\r\nECHO\r\n:1\r\n{Ping}");

        Assert.Equal(Pong + "-ERR Protocol error: expected '$', got ':'\r\n", client.ReadToEnd());
        Assert.Equal(CloseReason.ProtocolError, session.Closed);
        Assert.Equal(2, session.Commands);
    }

    [Fact]
    public async Task A_client_that_is_not_authenticated_may_send_little()
    {
        await using var server = new TestServer(Sockets);
        using var client = server.Connect();

        client.Ask("STRANGER\r\n", "+OK\r\n");
        client.Send("*11\r\n");

        Assert.Equal("-ERR Protocol error: unauthenticated multibulk length\r\n", client.ReadToEnd());
    }

    [Fact]
    public async Task A_client_that_speaks_http_gets_no_answer()
    {
        await using var server = new TestServer(Sockets);
        using var client = server.Connect();

        client.Send("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n*1\r\n$4\r\nPING\r\n");

        Assert.Equal("", client.ReadToEnd());
        Assert.Equal(1, server.Server.Count().Closed(CloseReason.Http));
    }

    [Fact]
    public async Task A_request_larger_than_the_limit_ends_its_connection()
    {
        await using var server = new TestServer(Sockets, new ClientLimits { InputBytes = 300_000 });
        var (client, session) = server.ConnectAndFind();
        using var _ = client;

        client.SendSome(Encoding.ASCII.GetBytes("*2\r\n$4\r\nECHO\r\n$1000000\r\n" + new string('x', 600_000)));

        Assert.Equal("", client.ReadToEnd());
        Assert.Equal(CloseReason.InputLimit, session.Closed);
    }

    [Fact]
    public async Task When_all_clients_hold_too_much_the_largest_is_closed()
    {
        await using var server = new TestServer(Sockets, new ClientLimits { AllBytes = 2_000_000 }, loops: 1);
        var (small, smallSession) = server.ConnectAndFind();
        var (middle, middleSession) = server.ConnectAndFind();
        var (large, largeSession) = server.ConnectAndFind();
        small.Send("*1\r\n$4\r\nPI");
        middle.Send("*2\r\n$4\r\nECHO\r\n$900000\r\n" + new string('x', 800_000));
        large.Send("*2\r\n$4\r\nECHO\r\n$1900000\r\n" + new string('x', 1_500_000));
        TestServer.Await(() => middleSession.Connection.InputBytes.Used > 800_000 && largeSession.Connection.InputBytes.Used > 1_500_000);

        Advance(server);

        TestServer.Await(() => largeSession.Closed is not null);
        Assert.Equal(CloseReason.MemoryLimit, largeSession.Closed);
        middle.Send(new string('x', 100_000) + "\r\n");
        middle.Expect("$900000\r\nx");
        small.Ask("NG\r\n", Pong);
        Assert.Null(smallSession.Closed);
        small.Dispose();
        middle.Dispose();
        large.Dispose();
    }

    [Fact]
    public async Task A_command_that_fails_ends_its_own_connection_only()
    {
        await using var server = new TestServer(Sockets, loops: 1);
        using var other = server.Connect();
        other.Ask(Ping, Pong);
        var (client, session) = server.ConnectAndFind();
        using var _ = client;

        client.Send("FAIL\r\nPING\r\n");

        Assert.Equal("", client.ReadToEnd());
        Assert.Equal(CloseReason.Failure, session.Closed);
        Assert.IsType<InvalidOperationException>(Assert.Single(server.Failures));
        other.Ask(Ping, Pong);
    }

    [Fact]
    public async Task Quit_ends_the_connection_after_its_reply()
    {
        await using var server = new TestServer(Sockets);
        var (client, session) = server.ConnectAndFind();
        using var _ = client;

        client.Send("QUIT\r\nPING\r\n");

        Assert.Equal("+OK\r\n", client.ReadToEnd());
        Assert.Equal(CloseReason.BySession, session.Closed);
    }

    [Fact]
    public async Task A_connection_can_be_killed_from_another_thread()
    {
        await using var server = new TestServer(Sockets);
        var (client, session) = server.ConnectAndFind();
        using var _ = client;

        session.Connection.Close(CloseReason.Killed);

        Assert.Equal("", client.ReadToEnd());
        Assert.Equal(CloseReason.Killed, session.Closed);
    }

    [Fact]
    public async Task What_was_sent_before_a_half_close_is_answered()
    {
        await using var server = new TestServer(Sockets);
        using var client = server.Connect();

        client.Send(Ping + Ping);
        client.EndSending();

        Assert.Equal(Pong + Pong, client.ReadToEnd());
    }

    [Fact]
    public async Task Many_idle_connections_hold_no_buffers()
    {
        const int Count = 1000;
        await using var server = new TestServer(Sockets);
        var clients = Enumerable.Range(0, Count).Select(_ => server.Connect()).ToList();
        foreach (var client in clients)
            client.Ask(Ping, Pong);

        Assert.Equal(Count, server.Server.Connected);
        TestServer.Await(() => server.Sessions.Sum(s => s.Connection.MemoryBytes) == 0);
        Assert.Equal(Count, server.Sessions.Select(s => s.Connection.Id).Distinct().Count());
        foreach (var client in clients)
            client.Ask("PING\r\n", Pong);
        clients.ForEach(c => c.Dispose());
        TestServer.Await(() => server.Server.Connected == 0);
        Assert.Equal(Count, server.Server.Count().Closed(CloseReason.ByClient));
    }

    [Fact]
    public async Task Connections_that_come_and_go_leave_nothing_behind()
    {
        await using var server = new TestServer(Sockets);
        var random = new Random(21);
        var clients = new List<TestClient>();
        for (var i = 0; i < 1500; i++)
        {
            if (clients.Count < 20 || random.Next(2) == 0)
                clients.Add(server.Connect());
            var client = clients[random.Next(clients.Count)];
            client.Send(Ping);
            if (random.Next(2) == 0)
            {
                clients.Remove(client);
                client.Dispose();
            }
            else
            {
                client.Expect(Pong);
            }
        }

        clients.ForEach(c => c.Dispose());
        TestServer.Await(() => server.Server.Connected == 0);
    }

    [Fact]
    public async Task Garbage_ends_its_own_connection_only()
    {
        await using var server = new TestServer(Sockets);
        using var other = server.Connect();
        var random = new Random(6);
        for (var round = 0; round < 200; round++)
        {
            using var client = server.Connect();
            var bytes = new byte[random.Next(3000)];
            random.NextBytes(bytes);
            if (random.Next(2) == 0)
                "*3\r\n$5\r\n"u8.CopyTo(bytes = [.. new byte[8], .. bytes]);
            client.SendSome(bytes);
        }

        other.Ask(Ping, Pong);
        TestServer.Await(() => server.Server.Connected == 1);
        Assert.Empty(server.Failures);
    }

    [Fact]
    public async Task Stopping_answers_what_has_come_and_ends_all_connections()
    {
        var server = new TestServer(Sockets);
        var (client, session) = server.ConnectAndFind();
        var (waiting, waitingSession) = server.ConnectAndFind();
        waiting.Send("BLOCK\r\n");
        TestServer.Await(() => waitingSession.Commands == 2);
        client.Send("BIG 3000000\r\n");

        var stopping = server.Server.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(3_000_000 + 12, client.ReadToEnd().Length);
        Assert.Equal("", waiting.ReadToEnd());
        await stopping;
        Assert.Equal(CloseReason.Stopping, session.Closed);
        Assert.Equal(CloseReason.Stopping, waitingSession.Closed);
        Assert.Throws<SocketException>(() => server.Connect());
        client.Dispose();
        waiting.Dispose();
    }

    [Fact]
    public async Task Stopping_waits_for_a_client_that_does_not_read_until_its_deadline_only()
    {
        var server = new TestServer(Sockets);
        var (client, session) = server.ConnectAndFind(receiveBufferBytes: 16 * 1024);
        using var _ = client;
        client.Send("BIG 30000000\r\n");
        TestServer.Await(() => session.Connection.OutputBytes > 1_000_000);
        using var deadline = new CancellationTokenSource();
        var stopping = server.Server.StopAsync(deadline.Token);
        Assert.False(stopping.IsCompleted);

        await deadline.CancelAsync();
        await stopping;

        Assert.Equal(CloseReason.Stopping, session.Closed);
        Assert.Equal(0, session.Connection.MemoryBytes);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_said()
    {
        await using var server = new TestServer(Sockets);
        var second = new RespServer(
            new ServerOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 0), server.Address] },
            c => new TestSession(c), TimeProvider.System, Sockets);

        var failure = second.Start();

        Assert.Equal(new ListenFailure(server.Address, SocketError.AddressAlreadyInUse), failure);
        Assert.Equal($"{server.Address} is taken by another program.", failure?.Message);
        await second.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_knows_both_its_ends_and_when_it_began()
    {
        await using var server = new TestServer(Sockets);
        var (client, session) = server.ConnectAndFind();
        using var _ = client;

        Assert.Equal(server.Address, session.Connection.LocalAddress);
        Assert.Equal(IPAddress.Loopback, Assert.IsType<IPEndPoint>(session.Connection.RemoteAddress).Address);
        Assert.Equal(server.Time.GetUtcNow(), session.Connection.ConnectedAt);
        TestServer.Await(() => (server.Server.Count().BytesIn, server.Server.Count().BytesOut) == (6, 7));
    }

    [Fact]
    public async Task A_Unix_socket_serves_too()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Paths of Unix sockets are short here.");
        using var folder = new TempFolder();
        await using var server = new TestServer(Sockets, listen: new UnixDomainSocketEndPoint(Path.Combine(folder.Path, "cache.sock")));
        using var client = server.Connect();

        client.Ask(Ping, Pong);
    }

    /// <summary>A second passes, and the only loop has looked at the clock.</summary>
    private static void Advance(TestServer server)
    {
        server.Time.Advance(TimeSpan.FromSeconds(1));
        // That is done in the round of a request that comes after it, at the latest.
        using var client = server.Connect();
        client.Ask(Ping, Pong);
    }
}
