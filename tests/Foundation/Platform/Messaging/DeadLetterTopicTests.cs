using System.Collections.Concurrent;
using Groundwork.Platform.Messaging;
using Groundwork.Platform.Tests.Data;
using Groundwork.Ports.Messaging;
using Groundwork.Testing.Messaging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.Platform.Tests.Messaging;

public sealed class DeadLetterTopicTests() : MessagingContract(new SqliteHome())
{
    private const string Group = "counters";

    private DeadLetterTopic Letters => new(Broker, Topic, Time);

    [Fact]
    public async Task A_topic_without_letters_lists_none()
    {
        var page = await Letters.ListAsync(10, cancellationToken: Token);
        Assert.Equal((0, null), (page.Letters.Count, page.Next));
        Assert.False(await Letters.ReplayAsync(0, Token));
    }

    [Fact]
    public async Task Letters_are_listed_in_pages_with_their_stories_and_by_group()
    {
        await DieAsync("1", "2", "3", "4", "5");
        await DieAsync("other", ["6"]);

        var first = await Letters.ListAsync(2, cancellationToken: Token);
        var second = await Letters.ListAsync(2, first.Next!.Value, cancellationToken: Token);
        var third = await Letters.ListAsync(2, second.Next!.Value, cancellationToken: Token);
        Assert.Equal(["1", "2", "3", "4", "5", "6"], first.Letters.Concat(second.Letters).Concat(third.Letters).Select(TextOf));
        Assert.Null(third.Next);
        Assert.Equal(["6"], (await Letters.ListAsync(10, group: "other", cancellationToken: Token)).Letters.Select(TextOf));
        var letter = first.Letters[1];
        Assert.Equal((Topic, 0, 1L, Group, 4, "It is bad.", Time.Start), (letter.Topic, letter.Partition, letter.Offset, letter.Group, letter.Attempts, letter.Reason, letter.Died));
        Assert.Equal(["kind"], letter.Headers.Select(header => header.Name));
    }

    [Fact]
    public async Task A_letter_is_replayed_once_with_a_word_of_it_and_is_listed_no_more()
    {
        await DieAsync("1", "2");
        Assert.True(await Letters.ReplayAsync(1, Token));
        Assert.False(await Letters.ReplayAsync(1, Token));
        Assert.False(await Letters.DropAsync(1, Token));

        Assert.Equal(["1"], (await Letters.ListAsync(10, cancellationToken: Token)).Letters.Select(TextOf));
        var replay = (await RecordsAsync())[^1];
        Assert.Equal(3, (await RecordsAsync()).Count);
        Assert.Equal(
            ("key", "2", Group, $"{Topic}/0/1", "v", null),
            (Key(replay), Text(replay), Header(replay, EventHeaders.Replay), Header(replay, EventHeaders.Id), Header(replay, "kind"), Header(replay, EventHeaders.LetterReason)));
    }

    [Fact]
    public async Task A_dropped_letter_is_neither_listed_nor_replayed()
    {
        await DieAsync("1", "2");
        Assert.True(await Letters.DropAsync(0, Token));
        Assert.False(await Letters.ReplayAsync(0, Token));
        Assert.Equal(1, await Letters.ReplayAllAsync(cancellationToken: Token));
        Assert.Equal(["1", "2", "2"], (await RecordsAsync()).Select(Text));
    }

    [Fact]
    public async Task All_can_be_replayed_and_a_note_is_no_letter()
    {
        await DieAsync("1", "2", "3");
        Assert.Equal(3, await Letters.ReplayAllAsync(Group, Token));
        Assert.Equal(0, await Letters.ReplayAllAsync(Group, Token));
        Assert.False(await Letters.ReplayAsync(4, Token));
        Assert.Equal(["1", "2", "3", "1", "2", "3"], (await RecordsAsync()).Select(Text));
    }

    [Fact]
    public async Task A_letter_of_somebody_elses_making_is_replayed_nowhere_else()
    {
        await Letters.AddAsync((await NewRecordAsync("1")) with { Topic = "elsewhere" }, Group, 1, "", TimeSpan.FromDays(1), Token);
        Assert.Empty((await Letters.ListAsync(10, cancellationToken: Token)).Letters);
        Assert.False(await Letters.ReplayAsync(0, Token));
    }

    [Fact]
    public async Task A_replay_that_dies_between_its_record_and_its_note_takes_effect_once_all_the_same()
    {
        await DieAsync("1");
        Broker.Before = (topic, _) => topic == Topic ? null : RiggedBroker.Away();
        await Assert.ThrowsAsync<BrokerException>(() => Letters.ReplayAsync(0, Token));
        Broker.Before = (_, _) => null;
        Assert.True(await Letters.ReplayAsync(0, Token));

        var inbox = new Inbox(Database, Time, Group);
        await using var consumer = Start(Group, async delivery =>
        {
            await inbox.RunAsync("key", delivery.Id, t => CountUpAsync(t, "key"), Token);
            return EventResult.Done;
        });
        await RunUntilAsync(async () => (await Broker.LagAsync(Group, Token)).Sum(lag => lag.Committed) == 3);
        Assert.Equal(1, await CountedAsync("key"));
    }

    [Fact]
    public async Task A_replay_is_for_the_group_that_gave_it_up_and_dies_again_as_the_same_event()
    {
        await DieAsync("1");
        await Letters.ReplayAsync(0, Token);
        var (ours, others) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        await using var mine = Start(Group, delivery =>
        {
            ours.Enqueue(delivery.Id);
            return Task.FromResult(ours.Count == 1 ? EventResult.Done : EventResult.GiveUp("Again."));
        });
        await using var theirs = Start("other", delivery =>
        {
            others.Enqueue(delivery.Id);
            return Task.FromResult(EventResult.Done);
        });
        await RunUntilAsync(async () => (await Broker.LagAsync("other", Token)).Concat(await Broker.LagAsync(Group, Token)).Sum(lag => lag.Committed) == 4);

        Assert.Equal([$"{Topic}/0/0", $"{Topic}/0/0"], ours);
        Assert.Equal([$"{Topic}/0/0"], others);
        var letter = Assert.Single((await Letters.ListAsync(10, cancellationToken: Token)).Letters);
        Assert.Equal(("Again.", 1L, 1), (letter.Reason, letter.Offset, letter.Headers.Count(header => header.Name == EventHeaders.Id)));
        Assert.True(await Letters.ReplayAsync(letter.Position, Token));
    }

    private EventConsumer Start(string group, Func<EventDelivery, Task<EventResult>> handler)
    {
        var consumer = new EventConsumer(Broker, group, [Topic], (delivery, _) => handler(delivery), Time, new Random(1), NullLogger.Instance);
        consumer.Start();
        return consumer;
    }

    private Task DieAsync(params string[] values) => DieAsync(Group, values);

    private async Task DieAsync(string group, string[] values)
    {
        foreach (var value in values)
            await Letters.AddAsync(await NewRecordAsync(value), group, 4, "It is bad.", TimeSpan.FromDays(1), Token);
    }

    private async Task<IncomingRecord> NewRecordAsync(string value)
    {
        await Broker.AppendAsync(Topic, [new OutgoingRecord(Bytes("key"), Bytes(value), [EventHeaders.Of("kind", "v")])], Token);
        return (await RecordsAsync())[^1];
    }

    private static string TextOf(DeadRecord letter) => System.Text.Encoding.UTF8.GetString(letter.Value!.Value.Span);
}
