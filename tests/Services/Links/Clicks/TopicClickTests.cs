using System.Net;
using System.Text;
using Groundwork.Broker;
using Groundwork.Links.Clicks;
using Groundwork.Ports.Database;
using Groundwork.Ports.Messaging;
using Groundwork.Testing.Database;
using Groundwork.Testing.Messaging;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Links.Tests.Clicks;

/// <summary>Clicks that go through the topic links.clicks.</summary>
public sealed class TopicClickTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private LinksDatabase _database = null!;
    private LinksCopy _copy = null!;
    private TestBroker _real = null!;
    private RiggedBroker _broker = null!;
    private ClickRecorder _recorder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await LinksDatabase.OpenAsync();
        _copy = await LinksCopy.StartAsync(_database.Port, _time);
        _real = await TestBroker.StartAsync(cancellationToken: Cancellation);
        _broker = new RiggedBroker(_real.Broker);
    }

    public async ValueTask DisposeAsync()
    {
        await _copy.DisposeAsync();
        await _real.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_click_is_in_the_topic_by_its_link_without_its_address_and_in_the_statistics()
    {
        await using var publisher = Publish();
        await using var counter = Count();
        Click(7, 2, "203.0.113.7", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        await CountedAsync(7, 2);

        var records = await RecordsAsync();
        Assert.Equal(2, records.Count);
        var text = Encoding.UTF8.GetString(records[0].Value!.Value.Span);
        Assert.Equal("7", Encoding.UTF8.GetString(records[0].Key!.Value.Span));
        Assert.Contains($"\"code\":\"{_copy.Codes.Space.CodeOf(7, null)}\"", text, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"click\"", text, StringComparison.Ordinal);
        Assert.Contains("\"browser\":\"Firefox\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Mozilla", text, StringComparison.Ordinal);
        Assert.Equal(1, (await SumAsync(7)).Visitors.Estimate());
    }

    [Fact]
    public async Task Copies_share_the_counting_and_each_click_counts_once_while_they_come_and_go()
    {
        await using var publisher = Publish();
        var one = Count();
        for (var round = 0; round < 6; round++)
        {
            for (var number = 1; number <= 50; number++)
                Click(number);
            await RunUntilAsync(() => Task.FromResult(publisher.Published == (round + 1) * 50));
            if (round % 2 == 0)
            {
                await using var other = Count();
                await RunUntilAsync(async () => other.Counted + other.Skipped > 0 || await TotalAsync() == (round + 1) * 50);
            }
        }

        await RunUntilAsync(async () => await TotalAsync() == 300);
        await one.DisposeAsync();
        Assert.All(await Task.WhenAll(Enumerable.Range(1, 50).Select(number => ClicksAsync(number))), clicks => Assert.Equal(6, clicks));
    }

    [Fact]
    public async Task While_the_broker_is_away_clicks_wait_and_beyond_their_room_the_oldest_are_dropped_and_counted()
    {
        _broker.Before = (_, _) => RiggedBroker.Away();
        await using var publisher = Publish();
        Click(1, 1);
        await RunUntilAsync(() => Task.FromResult(_broker.Appends > 1));
        Click(2, ClickRecorder.Capacity + 10);
        Assert.Equal(10, _recorder.Dropped);

        _broker.Before = (_, _) => null;
        await using var counter = Count();
        await RunUntilAsync(async () => await TotalAsync() == ClickRecorder.Capacity + 1);
        Assert.Equal((1, 0), (await ClicksAsync(1), publisher.Lost));
    }

    [Fact]
    public async Task A_batch_whose_answer_was_lost_is_in_the_topic_twice_and_counts_once()
    {
        var lost = 0;
        _broker.After = (_, _) => ++lost <= 2 ? RiggedBroker.Away() : null;
        await using var publisher = Publish();
        await using var counter = Count();
        Click(1, 3);
        await RunUntilAsync(() => Task.FromResult(publisher.Published == 3));
        Click(1, 2);
        await CountedAsync(1, 5);
        await RunUntilAsync(() => Task.FromResult(counter.Counted == 5));

        Assert.Equal(11, (await RecordsAsync()).Count);
        Assert.Equal(6, counter.Skipped);
        Assert.Equal(5, await ClicksAsync(1));
    }

    [Fact]
    public async Task A_graceful_stop_publishes_and_counts_what_is_left()
    {
        var (publisher, counter) = (Publish(), Count());
        Click(3, 4);
        await publisher.DisposeAsync();
        Assert.Equal(4, publisher.Published);
        await RunUntilAsync(() => Task.FromResult(counter.Counted == 4));
        await counter.DisposeAsync();
        Assert.Equal(4, await ClicksAsync(3));
    }

    [Fact]
    public async Task What_somebody_else_writes_to_the_topic_that_is_no_click_is_passed_over()
    {
        await ClickTopic.EnsureAsync(_broker, Cancellation);
        await _broker.AppendAsync(ClickTopic.Name, [new OutgoingRecord(Bytes("7"), Bytes("hello")), new OutgoingRecord(null, null)], Cancellation);
        await using var publisher = Publish();
        await using var counter = Count();
        Click(7);
        await CountedAsync(7, 1);
        Assert.Equal(2, counter.Skipped);
    }

    [Fact]
    public async Task A_topic_that_is_made_anew_is_counted_from_its_beginning()
    {
        await using (Publish())
        {
            await using var counter = Count();
            Click(7, 3);
            await CountedAsync(7, 3);
        }

        await using var fresh = await TestBroker.StartAsync(cancellationToken: Cancellation);
        _broker = new RiggedBroker(fresh.Broker);
        await using var publisher = Publish();
        await using var again = Count();
        Click(7, 2);
        await CountedAsync(7, 5);
        await again.DisposeAsync();
        await publisher.DisposeAsync();
    }

    [Fact]
    public async Task Wherever_a_copy_dies_between_reading_and_committing_each_click_counts_once()
    {
        // Links of two hours; each run has links of its own, dies at another step, and is gone on with by the next copy.
        await DyingDatabase.EverywhereAsync(
            () => _database.Port,
            async (dying, run) =>
            {
                await PublishAllAsync(run);
                await using var counter = Count(dying);
                await RunUntilAsync(async () => ((DyingDatabase)dying).Died || await ExpectedAsync(run));
            },
            async run =>
            {
                await using var counter = Count();
                await RunUntilAsync(() => ExpectedAsync(run));
                await SettledAsync();
                Assert.True(await ExpectedAsync(run));
            });
    }

    [Fact]
    public async Task Commits_that_fail_have_clicks_read_again_and_counted_once()
    {
        var commits = 0;
        _broker.Commit = () => ++commits % 2 == 1 ? RiggedBroker.Away() : null;
        await PublishAllAsync(1);
        await using var counter = Count();
        await RunUntilAsync(() => ExpectedAsync(1));
        await RunUntilAsync(() => Task.FromResult(commits >= 2));
        await SettledAsync();
        Assert.True(await ExpectedAsync(1));
    }

    [Fact]
    public async Task Parts_that_were_merged_while_their_window_was_open_do_not_count_again()
    {
        const long Number = 5;
        var hour = _time.GetUtcNow().ToUnixTimeSeconds() / 3600;
        var store = new ClickStore(_database.Port);
        await store.WriteAsync(Number, hour, PartName.Of(3, 0), Rolled(2), Cancellation);
        await store.WriteAsync(Number, hour, PartName.Of(3, 1), Rolled(3), Cancellation);
        Assert.True(await store.MergeAsync(Number, hour, Cancellation));
        Assert.Equal((5, 1), (await ClicksAsync(Number), (await store.ReadAsync(Number, 0, long.MaxValue, Cancellation)).Count));

        await store.WriteAsync(Number, hour, PartName.Of(3, 1), Rolled(3), Cancellation);
        await store.WriteLateAsync(Number, hour, PartName.Of(3, 0), Rolled(2), Cancellation);
        Assert.Equal(5, await ClicksAsync(Number));

        // The first one's window is finished, the second one's is not: its name stays.
        var windows = new WindowStore(_database.Port);
        var state = await windows.LoadAsync(3, Cancellation);
        Assert.True(await windows.OpenAsync(3, state, 10, Cancellation));
        Assert.True(await windows.FinishAsync(3, state with { Upto = 10 }, [], Cancellation));
        await store.FoldAsync(Number, hour / 24, Cancellation);
        await store.WriteAsync(Number, hour, PartName.Of(3, 1), Rolled(3), Cancellation);
        Assert.Equal((5, 2), (await ClicksAsync(Number), await RowsAsync()));
    }

    [Fact]
    public async Task Of_two_who_count_a_partition_at_the_same_time_one_is_refused()
    {
        var windows = new WindowStore(_database.Port);
        var state = await windows.LoadAsync(0, Cancellation);
        Assert.True(await windows.OpenAsync(0, state, 10, Cancellation));
        Assert.True(await windows.OpenAsync(0, state, 10, Cancellation));
        Assert.False(await windows.OpenAsync(0, state, 12, Cancellation));
        Assert.False(await windows.FinishAsync(0, state with { Upto = 12 }, [], Cancellation));
        Assert.True(await windows.FinishAsync(0, state with { Upto = 10 }, [1], Cancellation));
        Assert.False(await windows.FinishAsync(0, state with { Upto = 10 }, [1], Cancellation));
        Assert.False(await windows.OpenAsync(0, state, 12, Cancellation));
        var now = await windows.LoadAsync(0, Cancellation);
        Assert.Equal((10L, 10L, 1L), (now.Next, now.Upto, now.Windows));
    }

    [Fact]
    public void Names_of_parts_are_told_apart()
    {
        var names = new List<long>();
        foreach (var partition in new[] { 0, 1, 7, PartName.MaxPartitions - 1 })
        {
            foreach (var window in new[] { 0L, 1, 2, 1_000_000_000 })
            {
                var name = PartName.Of(partition, window);
                names.Add(name);
                Assert.True(PartName.IsOfTopic(name));
                Assert.True(PartName.IsFinished(name, new Dictionary<int, long> { [partition] = window + 1 }));
                Assert.False(PartName.IsFinished(name, new Dictionary<int, long> { [partition] = window }));
                Assert.False(PartName.IsFinished(name, new Dictionary<int, long> { [partition ^ 1] = window + 1 }));
            }
        }

        Assert.Distinct(names);
        Assert.False(PartName.IsOfTopic(-1));
        Assert.False(PartName.IsOfTopic(ClickStore.NewPart()));
    }

    private static readonly Statement CountRows = new("select count(*) from clicks");

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Rolled(int clicks)
    {
        var rollup = new Rollup();
        rollup.Add(ClickKind.Click, clicks);
        return rollup.ToBytes();
    }

    private ClickPublisher Publish()
    {
        var publisher = new ClickPublisher(
            _recorder, new VisitorSalts(new ClickStore(_database.Port), _time), _copy.Codes, _broker, _time, NullLogger<ClickPublisher>.Instance);
        publisher.Start();
        return publisher;
    }

    private TopicClickCounter Count(IDatabase? database = null)
    {
        database ??= _database.Port;
        var counter = new TopicClickCounter(
            _broker, new WindowStore(database), new ClickWriter(new ClickStore(database), _time), _time, NullLogger<TopicClickCounter>.Instance);
        counter.Start();
        return counter;
    }

    private void Click(long number, int count = 1, string? address = null, string? agent = null)
    {
        for (var i = 0; i < count; i++)
        {
            var http = new DefaultHttpContext { Connection = { RemoteIpAddress = address is null ? null : IPAddress.Parse(address) } };
            http.Request.Method = "GET";
            if (agent is not null)
                http.Request.Headers.UserAgent = agent;
            _recorder.Record(http, number, _time.GetUtcNow());
        }
    }

    // Three links of the run: 2, 3 and 4 clicks now, and as many an hour ago.
    private async Task PublishAllAsync(int run)
    {
        _recorder = new ClickRecorder();
        await using var publisher = Publish();
        for (var link = 0; link < 3; link++)
            Click(LinkOf(run, link), link + 2);
        _time.Advance(TimeSpan.FromHours(1));
        for (var link = 0; link < 3; link++)
            Click(LinkOf(run, link), link + 2);
    }

    private async Task<bool> ExpectedAsync(int run)
    {
        var clicks = await Task.WhenAll(Enumerable.Range(0, 3).Select(link => ClicksAsync(LinkOf(run, link))));
        Assert.All(clicks.Select((count, link) => (count, link)), one => Assert.InRange(one.count, 0, 2 * (one.link + 2)));
        return clicks.SequenceEqual([4, 6, 8]);
    }

    private static long LinkOf(int run, int link) => (run * 10L) + link;

    // All that is in the topic is counted, and committed.
    private Task SettledAsync() => RunUntilAsync(async () =>
    {
        var end = 0L;
        for (var partition = 0; partition < 8; partition++)
            end += (await _broker.RangeAsync(ClickTopic.Name, partition, Cancellation)).End;
        return (await _broker.LagAsync(ClickTopic.Group, Cancellation)).Sum(lag => lag.Committed) == end;
    });

    private async Task<List<IncomingRecord>> RecordsAsync()
    {
        var records = new List<IncomingRecord>();
        for (var partition = 0; partition < 8; partition++)
        {
            var end = (await _broker.RangeAsync(ClickTopic.Name, partition, Cancellation)).End;
            if (end == 0)
                continue;
            await foreach (var record in _broker.ReadAsync(ClickTopic.Name, partition, ReadStart.Earliest, null, Cancellation))
            {
                records.Add(record);
                if (record.Offset == end - 1)
                    break;
            }
        }

        return records;
    }

    private Task CountedAsync(long number, long clicks) => RunUntilAsync(async () => await ClicksAsync(number) == clicks);

    private async Task RunUntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (!await isSo())
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Delay(1, patience.Token);
        }
    }

    private async Task<long> ClicksAsync(long number) => (await SumAsync(number))[ClickKind.Click];

    private async Task<Rollup> SumAsync(long number)
    {
        var sum = new Rollup();
        foreach (var part in await new ClickStore(_database.Port).ReadAsync(number, 0, long.MaxValue, Cancellation))
            sum.MergeFrom(part.Rollup);
        return sum;
    }

    private static readonly Statement SelectAll = new("select rollup from clicks where length(rollup) > 0");

    private async Task<long> TotalAsync()
    {
        var sum = new Rollup();
        foreach (var rollup in await _database.Port.ReadAsync(new Command(SelectAll, Command.AnyKey), row => row.GetFieldValue<byte[]>(0), Freshness.Latest, Cancellation))
            sum.MergeFrom(rollup);
        return sum[ClickKind.Click];
    }

    private async Task<long> RowsAsync() =>
        (await _database.Port.ReadAsync(new Command(CountRows, Command.AnyKey), row => row.GetInt64(0), Freshness.Latest, Cancellation))[0];
}
