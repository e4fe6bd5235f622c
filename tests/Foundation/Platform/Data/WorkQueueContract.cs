using System.Collections.Concurrent;
using System.Text;
using Groundwork.Platform.Data;
using Groundwork.Ports.Database;
using Groundwork.Primitives;
using Groundwork.Testing.Database;

namespace Groundwork.Platform.Tests.Data;

/// <summary>What a user of <see cref="WorkQueue"/> can rely on.</summary>
public abstract class WorkQueueContract(DatabaseHome home) : DataContract(home)
{
    private const string Key = "account-1";

    [Fact]
    public async Task Work_is_enqueued_if_and_only_if_its_transaction_commits()
    {
        var queue = Queue();
        await Assert.ThrowsAsync<InvalidOperationException>(() => Database.TransactAsync<bool>(
            Key,
            async t =>
            {
                await queue.EnqueueAsync(t, Key, Work("undone"));
                throw new InvalidOperationException("No.");
            },
            Token));
        await Database.TransactAsync(Key, t => queue.EnqueueAsync(t, Key, Work("done")), Token);
        Assert.Equal(["done"], Texts(await queue.ClaimAsync(10, Token)));
    }

    [Fact]
    public async Task Higher_priorities_come_first_then_what_was_due_earlier_and_nothing_before_it_is_due()
    {
        var queue = Queue();
        var now = Time.GetUtcNow();
        await queue.EnqueueAsync(Key, Work("low") with { Priority = WorkPriority.Low, Due = now - TimeSpan.FromHours(1) }, Token);
        await queue.EnqueueAsync(Key, Work("first"), Token);
        await queue.EnqueueAsync(Key, Work("later") with { Due = now + TimeSpan.FromSeconds(5) }, Token);
        Time.Advance(TimeSpan.FromSeconds(1));
        await queue.EnqueueAsync(Key, Work("second"), Token);
        await queue.EnqueueAsync("account-2", Work("high") with { Priority = WorkPriority.High }, Token);
        await queue.EnqueueAsync(Key, Work("tomorrow") with { Priority = WorkPriority.High, Due = now + TimeSpan.FromDays(1) }, Token);

        Assert.Equal(["high", "first"], Texts(await queue.ClaimAsync(2, Token)));
        Assert.Equal(["second", "low"], Texts(await queue.ClaimAsync(10, Token)));
        Time.Advance(TimeSpan.FromMilliseconds(3999));
        Assert.Empty(await queue.ClaimAsync(10, Token));
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["later"], Texts(await queue.ClaimAsync(10, Token)));
    }

    [Fact]
    public async Task Each_item_is_claimed_by_one_of_many_claimers_in_two_copies_and_no_batch_is_too_large()
    {
        const int Count = 400;
        var queues = new[] { Queue(), Queue(await Home.OpenAsync()) };
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => queues[i % 2].EnqueueAsync($"account-{i % 7}", Work($"{i}"), Token)));

        var claimed = new ConcurrentBag<string>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            while (await queues[i % 2].ClaimAsync(7, Token) is { Count: > 0 } items)
            {
                Assert.InRange(items.Count, 1, 7);
                foreach (var item in items)
                {
                    claimed.Add(Text(item));
                    Assert.True(await queues[i % 2].AcknowledgeAsync(item, Token));
                }
            }
        })));

        Assert.Equal(Count, claimed.Count);
        Assert.Equal(Count, claimed.Distinct().Count());
        Assert.Equal(new WorkQueueCounts(0, 0, 0, 0, TimeSpan.Zero), await queues[0].CountAsync(Token));
    }

    [Fact]
    public async Task A_claim_that_ended_goes_to_another_and_the_late_one_can_settle_nothing()
    {
        var queue = Queue();
        await queue.EnqueueAsync(Key, Work("work"), Token);
        var late = Assert.Single(await queue.ClaimAsync(10, Token));
        Time.Advance(TimeSpan.FromSeconds(30));
        var current = Assert.Single(await queue.ClaimAsync(10, Token));
        Assert.True(current.Epoch > late.Epoch);
        Assert.Equal((late.Id, 2), (current.Id, current.Attempt));

        Assert.False(await queue.AcknowledgeAsync(late, Token));
        Assert.False(await queue.RetryAsync(late, "late", null, Token));
        Assert.False(await queue.BuryAsync(late, "late", Token));
        Assert.False(await queue.ReleaseAsync(late, Token));
        Assert.False(await queue.ExtendAsync(late, Token));
        await Assert.ThrowsAsync<ClaimLostException>(() => DoAsync(Database, queue, late));
        Assert.Equal(0, await CountedAsync(Key));

        await DoAsync(Database, queue, current);
        Assert.Equal(1, await CountedAsync(Key));
    }

    [Fact]
    public async Task An_extended_claim_stands_and_a_released_one_is_due_at_once_without_counting()
    {
        var queue = Queue();
        await queue.EnqueueAsync(Key, Work("work"), Token);
        var item = Assert.Single(await queue.ClaimAsync(10, Token));
        Time.Advance(TimeSpan.FromSeconds(29));
        Assert.True(await queue.ExtendAsync(item, Token));
        Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(await queue.ClaimAsync(10, Token));

        Assert.True(await queue.ReleaseAsync(item, Token));
        Assert.Equal(1, Assert.Single(await queue.ClaimAsync(10, Token)).Attempt);
    }

    [Fact]
    public async Task Failed_work_waits_longer_each_time_and_is_given_up_at_last()
    {
        var queue = Queue();
        await queue.EnqueueAsync(Key, Work("work"), Token);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var item = Assert.Single(await queue.ClaimAsync(10, Token));
            Assert.Equal(attempt, item.Attempt);
            Assert.True(await queue.RetryAsync(item, $"failure {attempt}", null, Token));
            Time.Advance(TimeSpan.FromSeconds(Math.Pow(2, attempt - 1))); // no wait is longer, whatever the random share
        }

        Assert.Empty(await queue.ClaimAsync(10, Token));
        var dead = Assert.Single(await queue.DeadLetters.ListAsync(10, null, Token));
        Assert.Equal(("failure 3", 3, "work"), (dead.Reason, dead.Attempts, Encoding.UTF8.GetString(dead.Payload)));
    }

    [Fact]
    public async Task A_retry_at_a_time_that_the_other_side_named_waits_until_then()
    {
        var queue = Queue();
        await queue.EnqueueAsync(Key, Work("work"), Token);
        await queue.RetryAsync(Assert.Single(await queue.ClaimAsync(10, Token)), "busy", TimeSpan.FromMinutes(10), Token);
        Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Assert.Empty(await queue.ClaimAsync(10, Token));
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Single(await queue.ClaimAsync(10, Token));
    }

    [Fact]
    public async Task An_item_that_kills_whoever_claims_it_is_given_up_and_blocks_nobody()
    {
        var queue = Queue();
        await queue.EnqueueAsync(Key, Work("poison") with { Priority = WorkPriority.High }, Token);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.Single(await queue.ClaimAsync(1, Token)); // and dies
            await queue.EnqueueAsync(Key, Work($"good {attempt}"), Token);
            var good = Assert.Single(await queue.ClaimAsync(1, Token));
            Assert.Equal($"good {attempt}", Text(good));
            await queue.AcknowledgeAsync(good, Token);
            Time.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Empty(await queue.ClaimAsync(1, Token));
        Assert.Equal("poison", Encoding.UTF8.GetString(Assert.Single(await queue.DeadLetters.ListAsync(10, null, Token)).Payload));
    }

    [Fact]
    public async Task Dead_letters_can_be_paged_through_replayed_dropped_and_have_a_lifetime()
    {
        var queue = Queue();
        for (var i = 0; i < 5; i++)
        {
            await queue.EnqueueAsync(Key, Work($"{i}") with { Id = $"id-{i}" }, Token);
            await queue.BuryAsync(Assert.Single(await queue.ClaimAsync(1, Token)), "hopeless", Token);
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        var page = await queue.DeadLetters.ListAsync(3, null, Token);
        var rest = await queue.DeadLetters.ListAsync(3, page[^1], Token);
        Assert.Equal(["id-0", "id-1", "id-2", "id-3", "id-4"], page.Concat(rest).Select(d => d.Id));

        Assert.True(await queue.DeadLetters.ReplayAsync(Key, "id-0", Token));
        Assert.False(await queue.DeadLetters.ReplayAsync(Key, "id-0", Token));
        Assert.Equal(1, Assert.Single(await queue.ClaimAsync(10, Token)).Attempt);
        Assert.True(await queue.DeadLetters.DropAsync(Key, "id-1", Token));
        Assert.False(await queue.DeadLetters.DropAsync(Key, "id-1", Token));

        Time.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(2));
        Assert.Equal(2, await queue.DeadLetters.SweepAsync(2, Token));
        Assert.Equal(0, await queue.DeadLetters.SweepAsync(2, Token));
        Assert.Equal("id-4", Assert.Single(await queue.DeadLetters.ListAsync(10, null, Token)).Id);
    }

    [Fact]
    public async Task The_counts_say_how_the_queue_stands()
    {
        var queue = Queue();
        foreach (var text in new[] { "dead", "claimed", "ready", "ready too" })
        {
            await queue.EnqueueAsync(Key, Work(text), Token);
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        await queue.EnqueueAsync(Key, Work("delayed") with { Due = Time.GetUtcNow() + TimeSpan.FromMinutes(1) }, Token);
        await queue.BuryAsync((await queue.ClaimAsync(1, Token))[0], "hopeless", Token);
        await queue.ClaimAsync(1, Token);
        await Queue(name: "another").EnqueueAsync(Key, Work("elsewhere"), Token);

        Assert.Equal(new WorkQueueCounts(2, 1, 1, 1, TimeSpan.FromSeconds(2)), await queue.CountAsync(Token));
    }

    [Fact]
    public async Task An_item_with_a_name_is_there_once_and_what_is_too_large_is_refused()
    {
        var queue = Queue();
        Assert.True(await queue.EnqueueAsync(Key, Work("one") with { Id = "same" }, Token));
        Assert.False(await queue.EnqueueAsync(Key, Work("two") with { Id = "same" }, Token));
        Assert.True(await queue.EnqueueAsync("account-2", Work("three") with { Id = "same" }, Token));
        Assert.Equal(["one", "three"], Texts(await queue.ClaimAsync(10, Token)).Order());

        await Assert.ThrowsAsync<ArgumentException>(
            () => queue.EnqueueAsync(Key, new NewWork(new byte[WorkQueue.MaxPayloadLength + 1]), Token));
        await Assert.ThrowsAsync<ArgumentException>(() => queue.EnqueueAsync("", Work("x"), Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => queue.ClaimAsync(WorkQueue.MaxBatch + 1, Token));
    }

    [Fact]
    public Task A_process_that_dies_at_any_step_loses_no_work_and_does_none_twice() => DyingDatabase.EverywhereAsync(
        () => Database,
        async (database, run) =>
        {
            // 1. an effect and the work that follows from it, in one transaction; 2. the work, done with its acknowledgement
            var queue = Queue(database, $"queue-{run}");
            await TransactAsync(
                database,
                $"order-{run}",
                async t =>
                {
                    await CountUpAsync(t, $"order-{run}");
                    await queue.EnqueueAsync(t, $"order-{run}", Work("ship") with { Id = "ship" });
                });
            foreach (var item in await queue.ClaimAsync(10, Token))
                await DoAsync(database, queue, item, $"order-{run}");
        },
        async run =>
        {
            var queue = Queue(name: $"queue-{run}");
            var ordered = await CountedAsync($"order-{run}");
            Time.Advance(TimeSpan.FromSeconds(30)); // the claim that died ends
            foreach (var item in await queue.ClaimAsync(10, Token))
                await DoAsync(Database, queue, item, $"order-{run}");

            // Both or neither: one count for the order, one for its shipping.
            Assert.Equal(ordered == 0 ? 0 : 2, await CountedAsync($"order-{run}"));
            Assert.Equal(new WorkQueueCounts(0, 0, 0, 0, TimeSpan.Zero), await queue.CountAsync(Token));
        });

    [Fact]
    public async Task A_program_that_was_cut_off_without_closing_leaves_everything_to_the_next()
    {
        var cut = Queue();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => cut.EnqueueAsync(Key, Work($"{i}"), Token)));
        var held = await cut.ClaimAsync(20, Token);

        var next = Queue(await Home.OpenAsync());
        Assert.Equal(30, (await next.ClaimAsync(100, Token)).Count);
        Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(50, (await next.ClaimAsync(100, Token)).Count);
        Assert.False(await cut.AcknowledgeAsync(held[0], Token));
    }

    private WorkQueue Queue(IDatabase? database = null, string name = "mails") => new(
        database ?? Database, Time, new Random(1), name,
        new WorkQueueOptions { MaxAttempts = 3, Backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)) });

    private static NewWork Work(string text) => new(Encoding.UTF8.GetBytes(text));

    private static string Text(WorkItem item) => Encoding.UTF8.GetString(item.Payload);

    private static IEnumerable<string> Texts(IEnumerable<WorkItem> items) => items.Select(Text);

    private static Task DoAsync(IDatabase database, WorkQueue queue, WorkItem item, string counter = Key) => TransactAsync(
        database,
        item.DistributionKey,
        async t =>
        {
            await CountUpAsync(t, counter);
            await queue.AcknowledgeAsync(t, item);
        });
}
