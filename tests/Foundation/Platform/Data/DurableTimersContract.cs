using System.Text;
using System.Threading.Channels;
using Groundwork.Platform.Data;
using Groundwork.Ports.Database;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.Platform.Tests.Data;

/// <summary>What a user of <see cref="DurableTimers"/> can rely on.</summary>
public abstract class DurableTimersContract(DatabaseHome home) : DataContract(home)
{
    private const string Saga = "saga-1";

    private readonly Channel<(FiredTimer Timer, DateTimeOffset At)> _fired =
        Channel.CreateUnbounded<(FiredTimer, DateTimeOffset)>();

    [Fact]
    public async Task Timers_fire_in_their_turn_at_or_after_their_time_with_what_they_were_given()
    {
        var timers = Timers();
        await using var worker = Start(timers);
        var due = Time.GetUtcNow() + TimeSpan.FromSeconds(30);
        await timers.ScheduleAsync(Saga, "second", due + TimeSpan.FromSeconds(30), "b"u8.ToArray(), Token);
        await timers.ScheduleAsync(Saga, "first", due, "a"u8.ToArray(), Token);

        var (first, firstAt) = await RunClockUntilAsync(NextFiredAsync());
        var (second, secondAt) = await RunClockUntilAsync(NextFiredAsync());
        Assert.Equal((Saga, "first", "a"), (first.DistributionKey, first.Key, Encoding.UTF8.GetString(first.Payload)));
        Assert.Equal("second", second.Key);
        Assert.True(firstAt >= due && secondAt >= due + TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Timers_that_were_missed_while_the_program_was_down_fire_when_it_starts()
    {
        await Timers().ScheduleAsync(Saga, "reminder", Time.GetUtcNow() + TimeSpan.FromHours(1), [], Token);
        await RestartAsync();
        Time.Advance(TimeSpan.FromDays(3));

        await using var worker = Start(Timers());
        Assert.Equal("reminder", (await NextFiredAsync()).Timer.Key); // and the clock stands still
    }

    [Fact]
    public async Task A_firing_that_was_cut_off_comes_again_with_a_higher_epoch()
    {
        var due = Time.GetUtcNow() + TimeSpan.FromSeconds(1);
        await Timers().ScheduleAsync(Saga, "reminder", due, [], Token);
        var database = new AwayDatabase(Database);
        await using var dying = TimersOn(database, visibilitySeconds: 30).CreateWorker(
            (timer, _) =>
            {
                database.IsAway = true; // it dies before it can say that it is done
                return Task.FromResult(Fire(timer));
            },
            NullLogger.Instance);
        dying.Start();
        var first = (await RunClockUntilAsync(NextFiredAsync())).Timer;

        await using var heir = Start(Timers());
        var again = (await RunClockUntilAsync(NextFiredAsync())).Timer;
        Assert.Equal(("reminder", 2), (again.Key, again.Attempt));
        Assert.True(again.Epoch > first.Epoch);
    }

    [Fact]
    public async Task Scheduling_again_replaces_also_while_it_fires_and_cancelling_removes()
    {
        var timers = Timers();
        var due = Time.GetUtcNow() + TimeSpan.FromSeconds(5);
        await timers.ScheduleAsync(Saga, "cancelled", due, [], Token);
        await timers.ScheduleAsync(Saga, "replaced", due, "old"u8.ToArray(), Token);
        await timers.ScheduleAsync(Saga, "replaced", due + TimeSpan.FromSeconds(5), "new"u8.ToArray(), Token);
        await timers.ScheduleAsync(Saga, "repeats", due + TimeSpan.FromSeconds(10), "1"u8.ToArray(), Token);
        Assert.True(await timers.CancelAsync(Saga, "cancelled", Token));
        Assert.False(await timers.CancelAsync(Saga, "cancelled", Token));

        await using var worker = timers.CreateWorker(
            async (timer, cancellationToken) =>
            {
                if (timer is { Key: "repeats", Payload: [(byte)'1'] })
                    await timers.ScheduleAsync(Saga, "repeats", Time.GetUtcNow() + TimeSpan.FromSeconds(5), "2"u8.ToArray(), cancellationToken);
                return Fire(timer);
            },
            NullLogger.Instance);
        worker.Start();
        Assert.Equal("new", Encoding.UTF8.GetString((await RunClockUntilAsync(NextFiredAsync())).Timer.Payload));
        Assert.Equal("1", Encoding.UTF8.GetString((await RunClockUntilAsync(NextFiredAsync())).Timer.Payload));
        Assert.Equal("2", Encoding.UTF8.GetString((await RunClockUntilAsync(NextFiredAsync())).Timer.Payload));
        await worker.StopAsync(Token);
        Assert.Equal(new WorkQueueCounts(0, 0, 0, 0, TimeSpan.Zero), await timers.CountAsync(Token));
    }

    [Fact]
    public async Task A_timer_can_be_set_and_cancelled_with_what_it_belongs_to_and_fire_exactly_once()
    {
        var timers = Timers();
        await TransactAsync(Database, Saga, async t =>
        {
            await timers.ScheduleAsync(t, Saga, "kept", Time.GetUtcNow(), []);
            await timers.ScheduleAsync(t, Saga, "cancelled", Time.GetUtcNow(), []);
            Assert.True(await timers.CancelAsync(t, Saga, "cancelled"));
        });

        var late = new TaskCompletionSource<FiredTimer>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var worker = timers.CreateWorker(
            async (timer, _) =>
            {
                await FireOnceAsync(timers, timer);
                late.SetResult(timer);
                return WorkResult.Acknowledged;
            },
            NullLogger.Instance);
        worker.Start();
        timers.Wake();
        var fired = await late.Task.WaitAsync(Patience, Token);

        await Assert.ThrowsAsync<ClaimLostException>(() => FireOnceAsync(timers, fired));
        Assert.Equal(1, await CountedAsync(Saga));
    }

    // The clock runs far faster than the machine: a claim that should stand lasts for hours.
    private DurableTimers Timers(double visibilitySeconds = 12 * 3600) => TimersOn(Database, visibilitySeconds);

    private DurableTimers TimersOn(IDatabase database, double visibilitySeconds) => new(
        database, Time, new Random(1), "sagas", new WorkQueueOptions { Visibility = TimeSpan.FromSeconds(visibilitySeconds) });

    private WorkQueueWorker Start(DurableTimers timers)
    {
        var worker = timers.CreateWorker((timer, _) => Task.FromResult(Fire(timer)), NullLogger.Instance);
        worker.Start();
        return worker;
    }

    private WorkResult Fire(FiredTimer timer)
    {
        _fired.Writer.TryWrite((timer, Time.GetUtcNow()));
        return WorkResult.Done;
    }

    private Task FireOnceAsync(DurableTimers timers, FiredTimer timer) => TransactAsync(Database, timer.DistributionKey, async t =>
    {
        await CountUpAsync(t, timer.DistributionKey);
        await timers.AcknowledgeAsync(t, timer);
    });

    private Task<(FiredTimer Timer, DateTimeOffset At)> NextFiredAsync() => _fired.Reader.ReadAsync(Token).AsTask().WaitAsync(Patience, Token);
}
