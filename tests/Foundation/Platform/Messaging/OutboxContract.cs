using System.Globalization;
using CsCheck;
using Groundwork.Platform.Messaging;
using Groundwork.Platform.Tests.Data;
using Groundwork.Ports.Database;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Modules;
using Groundwork.Primitives;
using Groundwork.Testing.Messaging;

namespace Groundwork.Platform.Tests.Messaging;

/// <summary>What a user of <see cref="Outbox"/> and <see cref="OutboxRelay"/> can rely on.</summary>
public abstract class OutboxContract(DatabaseHome home) : MessagingContract(home)
{
    private const string A = "account-a";
    private const string B = "account-b";

    [Fact]
    public async Task An_event_is_in_its_topic_as_it_was_added_and_once()
    {
        var outbox = NewOutbox();
        await using var relay = NewRelay(outbox);
        relay.Start();
        var headers = new[] { new RecordHeader("kind", Bytes("opened")), new RecordHeader("nothing", null) };
        await TransactAsync(Database, A, t => outbox.AddAsync(t, A, Event(A, "first") with { Headers = headers }, new OutboxEvent(Topic, null, null)));
        outbox.Wake();

        var records = await RunUntilAsync(2);
        Assert.Equal((A, "first", Time.Start), (Key(records[0]), Text(records[0]), records[0].Time));
        Assert.Equal(["kind", "nothing", EventHeaders.Id], records[0].Headers.Select(header => header.Name));
        Assert.Equal(("opened", null, "first"), (Header(records[0], "kind"), Header(records[0], "nothing"), Header(records[0], EventHeaders.Id)));
        Assert.Equal((null, null, 32), (records[1].Key, records[1].Value, Header(records[1], EventHeaders.Id)!.Length));
        await RunUntilAsync(async () => (await outbox.CountAsync(Token)).Waiting == 0);
        Assert.Equal(2, (await RecordsAsync()).Count);
    }

    [Fact]
    public async Task An_event_of_a_transaction_that_fails_is_never_told()
    {
        var outbox = NewOutbox();
        await using var relay = NewRelay(outbox);
        relay.Start();
        await Assert.ThrowsAsync<NotSupportedException>(() => TransactAsync(Database, A, async t =>
        {
            await outbox.AddAsync(t, A, Event(A, "never"));
            throw new NotSupportedException();
        }));
        await AddAsync(outbox, A, "told");

        Assert.Equal(["told"], (await RunUntilAsync(1)).Select(Text));
        await RunUntilAsync(async () => await outbox.CountAsync(Token) is { Waiting: 0, Dead: 0 });
        Assert.Single(await RecordsAsync());
    }

    [Fact]
    public async Task What_this_copy_commits_is_told_at_once()
    {
        var outbox = NewOutbox();
        await using var relay = NewRelay(outbox);
        relay.Start();
        for (var i = 1; i <= 10; i++)
        {
            await AddAsync(outbox, A, $"{i}");
            await UntilAsync(async () => (await RecordsAsync()).Count == i); // no time has passed: it was not found by looking
        }
    }

    [Fact]
    public async Task What_another_copy_commits_is_found_by_looking()
    {
        await using var relay = NewRelay(NewOutbox());
        relay.Start();
        await AddAsync(NewOutbox(), A, "of another copy");

        Assert.Equal(["of another copy"], (await RunUntilAsync(1)).Select(Text));
    }

    [Fact]
    public async Task Events_of_many_keys_go_together_and_those_of_one_key_one_after_the_other()
    {
        var outbox = NewOutbox();
        for (var i = 0; i < 100; i++)
            await AddAsync(outbox, $"key-{i}", $"{i}");
        await AddAsync(outbox, A, "1", "2", "3");
        await using var relay = NewRelay(outbox);
        relay.Start();

        Assert.Equal(["1", "2", "3"], (await RunUntilAsync(103)).Where(record => Key(record) == A).Select(Text));
        Assert.Equal([101, 1, 1], Broker.Sizes);
    }

    [Fact]
    public async Task A_later_transaction_of_a_key_has_later_events_whatever_the_clocks_say()
    {
        var (here, behind) = (NewOutbox(), new Outbox(Database, new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Time.Start.AddMinutes(-5)), new Random(1)));
        await AddAsync(here, A, "1");
        await AddAsync(behind, A, "2", "3");
        await AddAsync(here, A, "4");
        await using var relay = NewRelay(here);
        relay.Start();

        Assert.Equal(["1", "2", "3", "4"], (await RunUntilAsync(4)).Select(Text));
    }

    [Fact]
    public async Task Transactions_of_a_key_at_the_same_time_are_told_in_the_order_of_their_commits()
    {
        const int Writers = 4;
        const int Each = 15;
        var outbox = NewOutbox();
        await using var relay = NewRelay(outbox);
        relay.Start();

        // What a transaction counts is what it tells: so what is told counts up, or a later one was told first.
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            var database = writer % 2 == 0 ? Database : await Home.OpenAgainAsync(Database);
            for (var i = 0; i < Each; i++)
            {
                await TransactAsync(database, A, async t =>
                {
                    await CountUpAsync(t, A);
                    var value = (await t.QueryAsync(CounterNow, row => row.GetInt64(0), A))[0];
                    await outbox.AddAsync(t, A, Event(A, value.ToString(CultureInfo.InvariantCulture)));
                });
                outbox.Wake();
            }
        }));

        Assert.Equal(Enumerable.Range(1, Writers * Each).Select(i => $"{i}"), (await RunUntilAsync(Writers * Each)).Select(Text));
    }

    [Fact]
    public async Task An_event_that_is_refused_holds_back_its_own_key_only_and_is_tried_later()
    {
        Broker.Refuse("bad");
        var outbox = NewOutbox(new OutboxOptions { MaxAttempts = 1000 });
        await AddAsync(outbox, A, "bad", "behind");
        await AddAsync(outbox, B, "good", "too");
        await using var relay = NewRelay(outbox);
        relay.Start();

        Assert.Equal(["good", "too"], (await RunUntilAsync(2)).Select(Text));
        var before = Broker.Appends;
        await RunUntilAsync(() => Task.FromResult(Broker.Appends >= before + 3));
        await AddAsync(outbox, A, "last");
        Assert.Equal(["good", "too"], (await RunUntilAsync(2)).Select(Text));

        Broker.Refuse("nothing");
        Assert.Equal(["bad", "behind", "last"], (await RunUntilAsync(5)).Skip(2).Select(Text));
    }

    [Fact]
    public async Task After_its_attempts_an_event_is_a_letter_and_its_key_goes_on_and_says_so()
    {
        Broker.Refuse("bad");
        var outbox = NewOutbox(new OutboxOptions { MaxAttempts = 3 });
        await AddAsync(outbox, A, "before", "bad", "after", "last");
        await using var relay = NewRelay(outbox);
        relay.Start();

        var records = await RunUntilAsync(3);
        Assert.Equal([("before", null), ("after", "bad"), ("last", "bad")], records.Select(record => (Text(record), Header(record, EventHeaders.Missing))));
        var letter = Assert.Single(await outbox.Letters.ListAsync(10, null, Token));
        Assert.Equal((A, "bad", 3, "bad is refused.", Topic), (letter.DistributionKey, letter.Event.Id, letter.Attempts, letter.Reason, letter.Event.Topic));
        Assert.Equal(Bytes("bad"), letter.Event.Value);
    }

    [Fact]
    public async Task A_letter_is_replayed_once_before_what_waits_of_its_key()
    {
        Broker.Refuse("bad");
        var outbox = NewOutbox(new OutboxOptions { MaxAttempts = 1 });
        await AddAsync(outbox, A, "bad");
        await using (var relay = NewRelay(outbox))
        {
            relay.Start();
            await RunUntilAsync(async () => (await outbox.CountAsync(Token)).Dead == 1);
        }

        Broker.Refuse("nothing");
        await AddAsync(outbox, A, "waits");
        var letter = Assert.Single(await outbox.Letters.ListAsync(10, null, Token));
        Assert.Equal(
            [false, true],
            (await Task.WhenAll(outbox.Letters.ReplayAsync(A, letter.Event.Id, Token), outbox.Letters.ReplayAsync(A, letter.Event.Id, Token))).Order());

        await using var again = NewRelay(outbox);
        again.Start();
        var records = await RunUntilAsync(2);
        Assert.Equal(
            [("bad", EventHeaders.OutboxReplay, null), ("waits", null, null)],
            records.Select(record => (Text(record), Header(record, EventHeaders.Replay), Header(record, EventHeaders.Missing))));
        Assert.False(await outbox.Letters.ReplayAsync(A, letter.Event.Id, Token));
    }

    [Fact]
    public async Task A_letter_can_be_dropped_and_goes_by_itself_after_its_time()
    {
        Broker.Refuse("bad");
        var outbox = NewOutbox(new OutboxOptions { MaxAttempts = 1 });
        await AddAsync(outbox, A, "bad-1", "bad-2", "bad-3");
        await using var relay = NewRelay(outbox);
        relay.Start();
        await RunUntilAsync(async () => (await outbox.CountAsync(Token)).Dead == 3);

        Assert.True(await outbox.Letters.DropAsync(A, "bad-2", Token));
        Assert.False(await outbox.Letters.DropAsync(A, "bad-2", Token));
        var first = Assert.Single(await outbox.Letters.ListAsync(1, null, Token));
        Assert.Equal(["bad-1", "bad-3"], new[] { first, Assert.Single(await outbox.Letters.ListAsync(5, first, Token)) }.Select(letter => letter.Event.Id));

        Time.Advance(TimeSpan.FromDays(31));
        await RunUntilAsync(async () => (await outbox.CountAsync(Token)).Dead == 0);
    }

    [Fact]
    public async Task A_broker_that_is_away_counts_against_no_event()
    {
        Broker.Before = (_, _) => RiggedBroker.Away();
        var outbox = NewOutbox(new OutboxOptions { MaxAttempts = 2 });
        await AddAsync(outbox, A, "1", "2");
        await AddAsync(outbox, B, "3");
        await using var relay = NewRelay(outbox);
        relay.Start();
        await RunUntilAsync(() => Task.FromResult(Broker.Appends >= 12));
        await RunUntilAsync(() => Task.FromResult(relay.Health().State == HealthState.Degraded));
        Assert.Contains("3 events wait in the outbox 'things'", relay.Health().Detail, StringComparison.Ordinal);
        Assert.Contains("The broker is away.", relay.Health().Detail, StringComparison.Ordinal);

        Broker.Before = (_, _) => null;
        Assert.Equal(["1", "3", "2"], (await RunUntilAsync(3)).Select(Text));
        Assert.Equal(0, (await outbox.CountAsync(Token)).Dead);
        await RunUntilAsync(() => Task.FromResult(relay.Health().State == HealthState.Healthy));
    }

    [Fact]
    public async Task A_topic_that_is_not_there_fails_its_own_events()
    {
        var outbox = NewOutbox(new OutboxOptions { MaxAttempts = 2 });
        await TransactAsync(Database, A, t => outbox.AddAsync(t, A, Event(A, "nowhere", "no-such-topic"), Event(A, "here")));
        await using var relay = NewRelay(outbox);
        relay.Start();

        Assert.Equal(["here"], (await RunUntilAsync(1)).Select(Text));
        await RunUntilAsync(async () => (await outbox.Letters.ListAsync(1, null, Token)).Count == 1);
    }

    [Fact]
    public async Task Where_an_answer_is_lost_an_event_comes_again_and_never_before_its_predecessor()
    {
        var isFirst = true;
        Broker.After = (_, _) =>
        {
            var failure = isFirst ? RiggedBroker.Away() : null;
            isFirst = false;
            return failure;
        };
        var outbox = NewOutbox();
        await AddAsync(outbox, A, "1", "2");
        await using var relay = NewRelay(outbox);
        relay.Start();

        Assert.Equal(["1", "1", "2"], (await RunUntilAsync(3)).Select(Text));
    }

    [Fact]
    public async Task One_copy_relays_and_another_goes_on_where_it_ends()
    {
        var shared = new SharedDatabase(Database, isShared: true);
        var (one, other) = (NewOutbox(database: shared), NewOutbox(database: shared));
        await AddAsync(one, A, "1");
        var first = NewRelay(one, "one");
        first.Start();
        await RunUntilAsync(1);
        await using var second = NewRelay(other, "other");
        second.Start();
        for (var i = 0; i < 20; i++)
            await AddAsync(i % 2 == 0 ? one : other, A, $"{i}");
        await RunUntilAsync(21);
        await first.DisposeAsync();
        await AddAsync(other, A, "last");

        Assert.Equal(["1", .. Enumerable.Range(0, 20).Select(i => $"{i}"), "last"], (await RunUntilAsync(22)).Select(Text));
    }

    [Fact]
    public async Task Two_copies_that_relay_at_the_same_time_repeat_events_and_keep_their_order()
    {
        // Of a database that is nobody else's, each takes the lease from the other.
        var (one, other) = (NewOutbox(), NewOutbox());
        await using var first = NewRelay(one, "one");
        await using var second = NewRelay(other, "other");
        first.Start();
        second.Start();
        for (var i = 0; i < 40; i++)
            await AddAsync(i % 2 == 0 ? one : other, A, $"{i}");

        await RunUntilAsync(async () => (await one.CountAsync(Token)).Waiting == 0);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{i}"), (await RecordsAsync()).Select(Text).Distinct());
    }

    [Fact]
    public async Task Keys_that_had_no_events_for_long_are_forgotten_and_go_on_counting_up()
    {
        var outbox = NewOutbox();
        await using var relay = NewRelay(outbox);
        relay.Start();
        await AddAsync(outbox, A, "1");
        await RunUntilAsync(1);
        var before = await SequencesAsync();
        Time.Advance(TimeSpan.FromDays(3));
        await RunUntilAsync(async () => (await SequencesAsync()).Count == 0);

        await AddAsync(outbox, A, "2");
        Assert.True(Assert.Single(await SequencesAsync()) > Assert.Single(before));
        Assert.Equal(["1", "2"], (await RunUntilAsync(2)).Select(Text));
    }

    [Fact]
    public async Task What_is_too_long_or_has_a_header_of_ours_is_not_added()
    {
        var outbox = NewOutbox();
        await ThrowsAsync(new OutboxEvent(Topic, null, new byte[Outbox.MaxEventLength + 1]));
        await ThrowsAsync(Event(A, "x") with { Headers = [new RecordHeader(EventHeaders.Id, null)] });
        await ThrowsAsync(Event(A, "x") with { Headers = [new RecordHeader(EventHeaders.LetterReason, null)] });
        await ThrowsAsync(Event(A, "x") with { Id = new string('x', 256) });

        Task ThrowsAsync(OutboxEvent one) => Assert.ThrowsAnyAsync<ArgumentException>(() => TransactAsync(Database, A, t => outbox.AddAsync(t, A, one)));
    }

    [Fact]
    public async Task Whatever_fails_no_event_is_lost_and_no_key_loses_its_order()
    {
        // Of each key a count of events; of each append whether it fails, how, and whether before or after it was done.
        var history = Gen.Select(Gen.Int[1, 8].Array[1, 6], Gen.Int[0, 9].Array[0, 40], Gen.Int[0, 3].Array[1, 6]);
        var run = 0;
        await history.SampleAsync(
            async (counts, failures, refused) =>
            {
                var topic = $"history-{Interlocked.Increment(ref run)}";
                await Broker.EnsureTopicAsync(new TopicSpec(topic), Token);
                var step = 0;
                Broker.Before = (_, records) => Next() switch
                {
                    0 => RiggedBroker.Away(),
                    1 => RiggedBroker.Refusal(),
                    _ => records.Any(record => RiggedBroker.TextOf(record).EndsWith("poison", StringComparison.Ordinal)) ? RiggedBroker.Refusal() : null,
                };
                Broker.After = (_, _) => Next() switch
                {
                    2 => RiggedBroker.Away(),
                    3 => RiggedBroker.Refusal(),
                    _ => null,
                };
                Broker.Part = records => Next() == 4 ? [.. records.Skip(records.Count / 2)] : null;
                int Next() => step < failures.Length ? failures[step++] : 9;

                var outbox = NewOutbox(new OutboxOptions { MaxAttempts = 45, Backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)) });
                var expected = new Dictionary<string, List<string>>();
                for (var i = 0; i < counts.Max(); i++)
                {
                    for (var key = 0; key < counts.Length; key++)
                    {
                        if (i >= counts[key])
                            continue;
                        var name = $"{topic}-{key}";
                        var value = refused[key % refused.Length] == i + 1 ? $"{i}-poison" : $"{i}";
                        await TransactAsync(Database, name, t => outbox.AddAsync(t, name, Event(name, value, topic)));
                        if (!value.EndsWith("poison", StringComparison.Ordinal))
                            (expected.TryGetValue(name, out var list) ? list : expected[name] = []).Add(value);
                    }
                }

                await using (var relay = NewRelay(outbox))
                {
                    relay.Start();
                    await RunUntilAsync(async () => (await outbox.CountAsync(Token)).Waiting == 0);
                }

                var told = (await RecordsAsync(topic)).GroupBy(Key).ToDictionary(key => key.Key, key => key.Select(Text).Distinct().ToList());
                Assert.Equal(expected.OrderBy(key => key.Key), told.OrderBy(key => key.Key));
            },
            iter: Home is SqliteHome ? 30 : 5,
            threads: 1);
    }

    private static readonly Statement CounterNow = new("select value from counter where name = $1");

    private static readonly Statement Sequences = new("select last from outbox_sequence");

    private Task<IReadOnlyList<long>> SequencesAsync() =>
        Database.ReadAsync(new Command(Sequences, Command.AnyKey), row => row.GetInt64(0), Freshness.Latest, Token);
}
