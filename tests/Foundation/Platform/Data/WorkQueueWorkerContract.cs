using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Groundwork.Platform.Data;
using Groundwork.Ports.Database;
using Groundwork.Primitives;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.Platform.Tests.Data;

/// <summary>What a user of <see cref="WorkQueueWorker"/> can rely on. The clock stands still unless a test moves it.</summary>
public abstract class WorkQueueWorkerContract(DatabaseHome home) : DataContract(home)
{
    private const string Key = "account-1";

    // Begun by a signal, work needs one trip to the database; without, it never begins where the clock stands still.
    private static readonly TimeSpan Promptness = TimeSpan.FromSeconds(20);

    private readonly Channel<string> _begun = Channel.CreateUnbounded<string>();

    [Fact]
    public async Task Work_that_this_copy_enqueues_is_begun_at_once()
    {
        var queue = Queue();
        await using var worker = Worker(queue, (_, _) => Task.FromResult(WorkResult.Done));
        worker.Start();
        for (var i = 0; i < 20; i++)
        {
            await queue.EnqueueAsync(Key, Work($"{i}"), Token);
            Assert.Equal($"{i}", await NextBegunAsync(Promptness)); // no time has passed: it was not found by looking
        }

        await Database.TransactAsync(Key, t => queue.EnqueueAsync(t, Key, Work("in a transaction")), Token);
        queue.Wake();
        Assert.Equal("in a transaction", await NextBegunAsync(Promptness));
    }

    [Fact]
    public async Task Whatever_makes_work_due_leaves_a_signal_for_the_worker()
    {
        var queue = Queue();
        Assert.False(IsSignalled(queue));

        await queue.EnqueueAsync(Key, Work("poison"), Token);
        Assert.True(IsSignalled(queue));
        Assert.False(IsSignalled(queue)); // one look for all that came before it

        var item = Assert.Single(await queue.ClaimAsync(1, Token));
        await queue.BuryAsync(item, "It is poison.", Token);
        await queue.DeadLetters.ReplayAsync(Key, item.Id, Token);
        Assert.True(IsSignalled(queue));

        await queue.PutAsync(Key, Work("timer"), Token);
        Assert.True(IsSignalled(queue));
    }

    [Fact]
    public async Task Work_that_another_copy_enqueues_is_found_by_looking()
    {
        await using var worker = Worker(Queue(), (_, _) => Task.FromResult(WorkResult.Done));
        worker.Start();
        await Queue(await Home.OpenAsync()).EnqueueAsync(Key, Work("theirs"), Token);
        Assert.Equal("theirs", await RunClockUntilAsync(NextBegunAsync()));
    }

    [Fact]
    public async Task Delayed_work_is_begun_when_it_is_due_however_rarely_the_worker_looks()
    {
        var queue = Queue();
        var due = Time.GetUtcNow() + TimeSpan.FromSeconds(20);
        var begunAt = new TaskCompletionSource<DateTimeOffset>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var worker = Worker(
            queue,
            (_, _) =>
            {
                begunAt.SetResult(Time.GetUtcNow());
                return Task.FromResult(WorkResult.Done);
            },
            new WorkQueueWorkerOptions { PollInterval = TimeSpan.FromHours(1) });
        worker.Start();
        await queue.EnqueueAsync(Key, Work("later") with { Due = due }, Token);

        var at = await RunClockUntilAsync(begunAt.Task);
        Assert.InRange(at, due, due + TimeSpan.FromMinutes(30));
    }

    [Fact]
    public async Task No_more_is_worked_on_at_a_time_than_was_allowed_and_all_of_it_in_the_end()
    {
        var queue = Queue();
        for (var i = 0; i < 100; i++)
            await queue.EnqueueAsync(Key, Work($"{i}"), Token);

        var (now, most) = (0, 0);
        var done = new ConcurrentDictionary<string, int>();
        var allDone = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var worker = Worker(
            queue,
            async (item, _) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref now));
                await Task.Yield();
                Interlocked.Decrement(ref now);
                done.AddOrUpdate(item.Id, 1, (_, n) => n + 1);
                if (done.Count == 100)
                    allDone.TrySetResult(true);
                return WorkResult.Done;
            },
            new WorkQueueWorkerOptions { Concurrency = 4 });
        worker.Start();
        await allDone.Task.WaitAsync(Patience, Token);
        await worker.StopAsync(Token);

        Assert.InRange(most, 1, 4);
        Assert.All(done.Values, times => Assert.Equal(1, times));
        Assert.Equal(new WorkQueueCounts(0, 0, 0, 0, TimeSpan.Zero), await queue.CountAsync(Token));
    }

    [Fact]
    public async Task What_a_handler_says_or_throws_decides_and_poison_blocks_nobody()
    {
        var queue = Queue();
        var good = 0;
        var allGood = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var worker = Worker(queue, async (item, _) =>
        {
            switch (Text(item))
            {
                case "throws":
                    throw new InvalidOperationException("It threw.");
                case "fails":
                    return WorkResult.Retry("It failed.");
                case "hopeless":
                    return WorkResult.GiveUp("It is hopeless.");
                case "in its transaction":
                    await TransactAsync(Database, item.DistributionKey, t => queue.AcknowledgeAsync(t, item));
                    Good();
                    return WorkResult.Acknowledged;
                default:
                    Good();
                    return WorkResult.Done;
            }
        });
        worker.Start();
        foreach (var text in new[] { "throws", "fails", "hopeless", "good", "in its transaction", "good too" })
            await queue.EnqueueAsync(Key, Work(text), Token);

        await RunClockUntilAsync(allGood.Task);
        var dead = await RunClockUntilAsync(DeadAsync(queue, 3));
        await worker.StopAsync(Token);
        Assert.Equal(
            ["It failed. (3)", "It is hopeless. (1)", "It threw. (3)"],
            dead.Select(d => $"{d.Reason} ({d.Attempts})").Order(StringComparer.Ordinal));
        Assert.Equal(new WorkQueueCounts(0, 0, 0, 3, TimeSpan.Zero), await queue.CountAsync(Token));

        void Good()
        {
            if (Interlocked.Increment(ref good) == 3)
                allGood.SetResult(true);
        }
    }

    [Fact]
    public async Task A_claim_stands_as_long_as_its_handler_runs()
    {
        var queue = Queue(visibilitySeconds: 30);
        var finish = new TaskCompletionSource<WorkResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var worker = Worker(queue, (_, cancellationToken) => finish.Task.WaitAsync(cancellationToken));
        worker.Start();
        await queue.EnqueueAsync(Key, Work("long"), Token);
        await NextBegunAsync();

        var other = Queue(await Home.OpenAsync(), visibilitySeconds: 30);
        for (var second = 0; second < 120; second++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            using var patience = new CancellationTokenSource(Promptness);
            while (await LeftAsync(other) < TimeSpan.FromSeconds(15))
            {
                Assert.False(patience.IsCancellationRequested, "the claim was not extended");
                await Task.Yield(); // a third of 30 s has passed, and the extension is on its way
            }

            Assert.Empty(await other.ClaimAsync(10, Token));
        }

        finish.SetResult(WorkResult.Done);
        await worker.StopAsync(Token);
        Assert.Equal(new WorkQueueCounts(0, 0, 0, 0, TimeSpan.Zero), await other.CountAsync(Token));
    }

    [Fact]
    public async Task A_handler_that_takes_too_long_is_cancelled_and_its_work_tried_again()
    {
        var queue = Queue();
        await using var worker = Worker(
            queue,
            async (item, cancellationToken) =>
            {
                if (item.Attempt == 1)
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                return WorkResult.Done;
            },
            new WorkQueueWorkerOptions { HandlerTimeout = TimeSpan.FromMinutes(1) });
        worker.Start();
        await queue.EnqueueAsync(Key, Work("slow"), Token);
        Assert.Equal("slow", await NextBegunAsync());
        Assert.Equal("slow", await RunClockUntilAsync(NextBegunAsync()));
    }

    [Fact]
    public async Task A_stop_lets_handlers_finish_and_claims_nothing_more()
    {
        var queue = Queue();
        var finish = new TaskCompletionSource<WorkResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var worker = Worker(queue, (_, cancellationToken) => finish.Task.WaitAsync(cancellationToken), new WorkQueueWorkerOptions { Concurrency = 1 });
        worker.Start();
        await queue.EnqueueAsync(Key, Work("first"), Token);
        await NextBegunAsync();
        await queue.EnqueueAsync(Key, Work("second"), Token);

        var stopped = worker.StopAsync(Token);
        finish.SetResult(WorkResult.Done);
        await stopped;
        Assert.Equal(new WorkQueueCounts(1, 0, 0, 0, TimeSpan.Zero), await queue.CountAsync(Token));
    }

    [Fact]
    public async Task A_stop_that_cannot_wait_releases_what_is_undone_to_others_at_once()
    {
        var queue = Queue();
        var worker = Worker(queue, async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return WorkResult.Done;
        });
        worker.Start();
        await queue.EnqueueAsync(Key, Work("long"), Token);
        await NextBegunAsync();
        await worker.DisposeAsync();
        Assert.Equal(1, Assert.Single(await queue.ClaimAsync(10, Token)).Attempt);
    }

    [Fact]
    public async Task A_database_that_is_away_is_waited_for()
    {
        var away = new AwayDatabase(Database) { IsAway = true };
        var queue = Queue(away);
        await using var worker = Worker(queue, (_, _) => Task.FromResult(WorkResult.Done));
        worker.Start();
        await RunClockUntilAsync(away.Refused.Task);
        await Queue().EnqueueAsync(Key, Work("work"), Token);
        away.IsAway = false;
        Assert.Equal("work", await RunClockUntilAsync(NextBegunAsync()));
    }

    // Where a test lets the clock run, it runs far faster than the machine: what should not end in it lasts for hours.
    private WorkQueue Queue(IDatabase? database = null, double visibilitySeconds = 12 * 3600) => new(
        database ?? Database, Time, new Random(1), "mails",
        new WorkQueueOptions
        {
            Visibility = TimeSpan.FromSeconds(visibilitySeconds),
            MaxAttempts = 3,
            Backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)),
        });

    private WorkQueueWorker Worker(
        WorkQueue queue, Func<WorkItem, CancellationToken, Task<WorkResult>> handler, WorkQueueWorkerOptions? options = null) => new(
        queue,
        (item, cancellationToken) =>
        {
            _begun.Writer.TryWrite(Text(item));
            return handler(item, cancellationToken);
        },
        Time, new Random(1), NullLogger.Instance, options ?? new WorkQueueWorkerOptions { HandlerTimeout = TimeSpan.FromDays(1) });

    private Task<string> NextBegunAsync(TimeSpan? patience = null) =>
        _begun.Reader.ReadAsync(Token).AsTask().WaitAsync(patience ?? Patience, Token);

    // The signal waits in the queue, so that a read of it ends on the spot or not at all.
    private static bool IsSignalled(WorkQueue queue)
    {
        using var never = new CancellationTokenSource();
        var wait = queue.WaitForSignalAsync(never.Token);
        var isSignalled = wait.IsCompletedSuccessfully;
        never.Cancel();
        return isSignalled;
    }

    private async Task<TimeSpan> LeftAsync(WorkQueue queue) => (await queue.NextDueAsync(Token))!.Value - Time.GetUtcNow();

    private static async Task<IReadOnlyList<DeadLetter>> DeadAsync(WorkQueue queue, int count)
    {
        while (true)
        {
            var dead = await queue.DeadLetters.ListAsync(10, null, Token);
            if (dead.Count == count)
                return dead;
            await Task.Yield();
        }
    }

    private static NewWork Work(string text) => new(Encoding.UTF8.GetBytes(text));

    private static string Text(WorkItem item) => Encoding.UTF8.GetString(item.Payload);
}
