using System.Collections.Concurrent;
using CsCheck;
using Groundwork.Platform.Messaging;
using Groundwork.Platform.Tests.Data;
using Groundwork.Ports.Database;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Modules;
using Groundwork.Testing.Messaging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.Platform.Tests.Messaging;

public sealed class EventConsumerTests() : MessagingContract(new SqliteHome())
{
    private const string Group = "counters";

    private readonly ConcurrentQueue<string> _handled = new();

    [Fact]
    public async Task Records_are_handled_in_the_order_of_their_keys_and_committed()
    {
        await AppendAsync(("a", "1"), ("b", "2"), ("a", "3"), ("b", "4"));
        await using var consumer = Start(HandleAsync);
        await HandledAsync(4);
        Assert.Equal(["1", "3"], _handled.Where(value => value is "1" or "3"));
        Assert.Equal(["2", "4"], _handled.Where(value => value is "2" or "4"));
        await CommittedAsync(4);
        await consumer.StopAsync(Token);

        await AppendAsync(("a", "5"));
        await using var next = Start(HandleAsync);
        await HandledAsync(5);
        Assert.Equal("5", _handled.Last());
    }

    [Fact]
    public async Task A_record_that_fails_is_tried_again_and_holds_back_its_key_only()
    {
        var isBroken = true;
        await AppendAsync(("a", "bad"), ("a", "behind"), ("b", "1"), ("b", "2"));
        await using var consumer = Start(
            delivery => Text(delivery.Record) == "bad" && Volatile.Read(ref isBroken) ? throw new NotSupportedException("It is bad.") : HandleAsync(delivery),
            new EventConsumerOptions { MaxAttempts = 1000 });
        await HandledAsync(2);
        Assert.Equal(["1", "2"], _handled);
        Assert.Equal(0, await LagAsync(committedOnly: true));

        Volatile.Write(ref isBroken, false);
        await HandledAsync(4);
        Assert.Equal(["bad", "behind"], _handled.Skip(2));
        await CommittedAsync(4);
    }

    [Fact]
    public async Task After_its_attempts_a_record_is_a_letter_with_its_story_and_its_key_goes_on()
    {
        await Broker.AppendAsync(Topic, [new OutgoingRecord(Bytes("a"), Bytes("bad"), [new RecordHeader("kind", Bytes("x")), EventHeaders.Of(EventHeaders.Id, "id-1")])], Token);
        await AppendAsync(("a", "after"));
        var attempts = new ConcurrentQueue<int>();
        await using var consumer = Start(
            delivery =>
            {
                if (Text(delivery.Record) != "bad")
                    return HandleAsync(delivery);
                attempts.Enqueue(delivery.Attempt);
                throw new NotSupportedException("It is bad.");
            },
            new EventConsumerOptions { MaxAttempts = 3 });
        await HandledAsync(1);
        await CommittedAsync(2);

        Assert.Equal([1, 2, 3], attempts);
        var record = Assert.Single(await RecordsAsync($"{Topic}.dead-letters"));
        Assert.Equal(("a", "bad", "x", "id-1"), (Key(record), Text(record), Header(record, "kind"), Header(record, EventHeaders.Id)));
        Assert.Equal(
            (Topic, "0", "0", "3", "It is bad.", Group),
            (Header(record, EventHeaders.LetterTopic), Header(record, EventHeaders.LetterPartition), Header(record, EventHeaders.LetterOffset),
             Header(record, EventHeaders.LetterAttempts), Header(record, EventHeaders.LetterReason), Header(record, EventHeaders.LetterGroup)));
        Assert.NotNull(Header(record, EventHeaders.LetterTime));
    }

    [Fact]
    public async Task What_is_hopeless_is_a_letter_at_once_and_what_waits_counts_no_attempt()
    {
        await AppendAsync(("a", "hopeless"), ("b", "waits"));
        var waits = 0;
        await using var consumer = Start(
            delivery => (Text(delivery.Record), delivery.Attempt) switch
            {
                ("hopeless", _) => Task.FromResult(EventResult.GiveUp("It never will.")),
                (_, 1) when Interlocked.Increment(ref waits) < 5 => Task.FromResult(EventResult.Wait("It is away.")),
                (_, 1) when waits < 10 => throw new DatabaseException(DatabaseFailure.Unavailable, "It is away."),
                _ => HandleAsync(delivery),
            },
            new EventConsumerOptions { MaxAttempts = 1 });
        await HandledAsync(1);
        Assert.Equal(["waits"], _handled);
        Assert.Equal("1", Header(Assert.Single(await RunUntilAsync(1, $"{Topic}.dead-letters")), EventHeaders.LetterAttempts));
    }

    [Fact]
    public async Task A_record_is_done_only_when_its_letter_is_written()
    {
        Broker.Before = (topic, _) => topic.EndsWith(".dead-letters", StringComparison.Ordinal) ? RiggedBroker.Away() : null;
        await AppendAsync(("a", "bad"), ("b", "good"));
        await using var consumer = Start(
            delivery => Text(delivery.Record) == "bad" ? Task.FromResult(EventResult.GiveUp("It is bad.")) : HandleAsync(delivery));
        await HandledAsync(1);
        var appends = Broker.Appends;
        await RunUntilAsync(() => Task.FromResult(Broker.Appends >= appends + 3));
        Assert.Equal(0, await LagAsync(committedOnly: true));

        Broker.Before = (_, _) => null;
        await CommittedAsync(2);
        Assert.Equal("bad", Text(Assert.Single(await RecordsAsync($"{Topic}.dead-letters"))));
    }

    [Fact]
    public async Task Past_a_record_that_fails_only_so_many_others_go_as_the_window_holds()
    {
        const int Window = 20;
        await AppendAsync([("bad", "bad"), .. Enumerable.Range(1, 100).Select(i => ($"key-{i}", $"{i}"))]);
        var isBroken = true;
        await using var consumer = Start(
            delivery => Text(delivery.Record) == "bad" && Volatile.Read(ref isBroken) ? throw new NotSupportedException() : HandleAsync(delivery),
            new EventConsumerOptions { Window = Window, MaxAttempts = 1000 });
        await HandledAsync(Window - 1);
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(Window - 1, _handled.Count);

        Volatile.Write(ref isBroken, false);
        await HandledAsync(101);
        await CommittedAsync(101);
    }

    [Fact]
    public async Task A_member_that_comes_gets_its_share_though_another_waits_for_a_failing_record()
    {
        await Broker.EnsureTopicAsync(new TopicSpec("wide", 4), Token);
        await Broker.AppendAsync("wide", [.. Enumerable.Range(0, 200).Select(i => new OutgoingRecord(Bytes($"key-{i}"), Bytes($"{i}")))], Token);
        var isBroken = true;
        Func<EventDelivery, Task<EventResult>> handler = delivery =>
            Text(delivery.Record) == "7" && Volatile.Read(ref isBroken) ? throw new NotSupportedException() : HandleAsync(delivery);
        var options = new EventConsumerOptions { Window = 10, MaxAttempts = 1000 };
        await using var one = Start(handler, options, "wide");
        await HandledAsync(5);
        await using var other = Start(handler, options, "wide");
        await HandledAsync(60);

        Volatile.Write(ref isBroken, false);
        await RunUntilAsync(() => Task.FromResult(_handled.Distinct().Count() == 200));
    }

    [Fact]
    public async Task A_handler_that_hangs_is_cancelled_and_a_stop_does_not_wait_for_one_that_ignores_it()
    {
        await AppendAsync(("a", "hangs"));
        var attempts = 0;
        await using var consumer = new EventConsumer(
            Broker, Group, [Topic],
            async (delivery, cancellation) =>
            {
                if (Interlocked.Increment(ref attempts) == 1)
                    await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
                await Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
                return EventResult.Done;
            },
            Time, new Random(1), NullLogger.Instance);
        consumer.Start();
        await RunUntilAsync(() => Task.FromResult(Volatile.Read(ref attempts) == 2));
        await RunClockUntilAsync(StopAsync());

        async Task<bool> StopAsync()
        {
            await consumer.StopAsync(new CancellationToken(canceled: true));
            return true;
        }
    }

    [Fact]
    public async Task A_consumer_that_cannot_read_says_so()
    {
        await using var consumer = new EventConsumer(
            Broker, Group, ["old"], (_, _) => Task.FromResult(EventResult.Done), Time, new Random(1), NullLogger.Instance,
            new EventConsumerOptions { Member = new MemberOptions { Read = new ReadOptions() } });
        Assert.Equal(HealthState.Healthy, consumer.Health().State);
        await Broker.EnsureTopicAsync(new TopicSpec("old"), Token);
        await Broker.AppendAsync("old", [new OutgoingRecord(null, Bytes("1")), new OutgoingRecord(null, Bytes("2"))], Token);
        await using (var member = await Broker.JoinAsync(Group, ["old"], null, Token))
        {
            await foreach (var record in member.ReadAsync(Token))
            {
                await member.CommitAsync([record], Token);
                break;
            }
        }

        for (var i = 0; i < 3; i++)
            await Broker.AppendAsync("old", [new OutgoingRecord(null, Bytes("later"))], Token);
        await Real.DeleteBeforeAsync("old", 0, 4);
        consumer.Start();
        await RunUntilAsync(() => Task.FromResult(consumer.Health().State == HealthState.Degraded));
        Assert.Contains("and not 1", consumer.Health().Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_fails_each_event_takes_effect_once_and_keys_keep_their_order()
    {
        var run = 0;
        await Gen.Select(Gen.Int[0, 4].Array[1, 40], Gen.Int[0, 11].Array[0, 60]).SampleAsync(
            async (keys, failures) =>
            {
                var topic = $"history-{Interlocked.Increment(ref run)}";
                await Broker.EnsureTopicAsync(new TopicSpec(topic, 2), Token);
                await Broker.AppendAsync(
                    topic, [.. keys.Select((key, i) => new OutgoingRecord(Bytes($"{topic}-{key}"), Bytes($"{i}"), [EventHeaders.Of(EventHeaders.Id, $"{topic}-{i}")]))], Token);
                var step = 0;
                int Next() => Interlocked.Increment(ref step) is var at && at <= failures.Length ? failures[at - 1] : 99;
                Broker.Commit = () => Next() is 0 or 1 ? RiggedBroker.Away() : null;

                var inbox = new Inbox(Database, Time, topic);
                var consumers = new List<EventConsumer>();
                for (var i = 0; i < 2; i++)
                {
                    consumers.Add(new EventConsumer(
                        Broker, topic, [topic],
                        async (delivery, cancellation) =>
                        {
                            var move = Next();
                            if (move == 2)
                                throw new NotSupportedException();
                            await inbox.RunAsync(Key(delivery.Record), delivery.Id, t => AppendAsync(t, Key(delivery.Record), long.Parse(Text(delivery.Record), null)), cancellation);
                            return move == 3 ? throw new NotSupportedException() : move == 4 ? throw new DatabaseException(DatabaseFailure.Unavailable, "Away.") : EventResult.Done;
                        },
                        Time, new Random(i), NullLogger.Instance, new EventConsumerOptions { MaxAttempts = 100, Window = 8 }));
                    consumers[^1].Start();
                }

                await RunUntilAsync(async () => (await Broker.LagAsync(topic, Token)).Sum(lag => lag.Committed) == keys.Length);
                foreach (var consumer in consumers)
                    await consumer.DisposeAsync();
                for (var key = 0; key <= 4; key++)
                    Assert.Equal(keys.Select((k, i) => (k, i)).Where(one => one.k == key).Select(one => (long)one.i), await EntriesAsync($"{topic}-{key}"));
            },
            iter: 15,
            threads: 1);
    }

    private EventConsumer Start(Func<EventDelivery, Task<EventResult>> handler, EventConsumerOptions? options = null, string topic = Topic)
    {
        var consumer = new EventConsumer(Broker, Group, [topic], (delivery, _) => handler(delivery), Time, new Random(1), NullLogger.Instance, options);
        consumer.Start();
        return consumer;
    }

    private Task<EventResult> HandleAsync(EventDelivery delivery)
    {
        _handled.Enqueue(Text(delivery.Record));
        return Task.FromResult(EventResult.Done);
    }

    private async Task AppendAsync(params (string Key, string Value)[] records) =>
        await Broker.AppendAsync(Topic, [.. records.Select(record => new OutgoingRecord(Bytes(record.Key), Bytes(record.Value)))], Token);

    private Task<bool> HandledAsync(int count) => RunUntilAsync(() => Task.FromResult(_handled.Count >= count));

    private Task<bool> CommittedAsync(long offset) => RunUntilAsync(async () => await LagAsync(committedOnly: true) == offset);

    private async Task<long> LagAsync(bool committedOnly) =>
        (await Broker.LagAsync(Group, Token)).Sum(lag => committedOnly ? lag.Committed : lag.Records);
}
