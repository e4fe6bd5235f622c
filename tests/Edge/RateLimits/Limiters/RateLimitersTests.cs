using System.Threading.RateLimiting;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Limiters;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.RateLimits.Tests.Limiters;

/// <summary>What users of .NET's interface can rely on, whichever algorithm is behind it.</summary>
public sealed class RateLimitersTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();

    /// <summary>Limits of one a second, and after which time a second one may go.</summary>
    public static TheoryData<LimitAlgorithm, int> OneASecond => new()
    {
        { LimitAlgorithm.TokenBucket, 1_000 },
        { LimitAlgorithm.Gcra, 1_000 },
        { LimitAlgorithm.LeakyBucket, 1_000 },
        { LimitAlgorithm.FixedWindow, 1_000 },
        { LimitAlgorithm.SlidingLog, 1_000 },
        { LimitAlgorithm.SlidingWindow, 2_000 },
    };

    public static TheoryData<LimitAlgorithm> Algorithms => [.. Enum.GetValues<LimitAlgorithm>()];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(OneASecond))]
    public async Task Who_waits_goes_on_when_its_time_has_come_and_not_before(LimitAlgorithm algorithm, int waitMs)
    {
        await using var limiter = RateLimiters.Create(Of(algorithm), queueLimit: 1, time: _time);
        Assert.True(limiter.AttemptAcquire().IsAcquired);
        var wait = limiter.AcquireAsync(cancellationToken: Cancellation).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(waitMs - 1));
        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True((await wait).IsAcquired);
    }

    [Theory]
    [MemberData(nameof(OneASecond))]
    public void A_refusal_tells_the_wait_after_which_there_is_a_permit(LimitAlgorithm algorithm, int waitMs)
    {
        using var limiter = RateLimiters.Create(Of(algorithm), time: _time);
        limiter.AttemptAcquire();
        using var refused = limiter.AttemptAcquire();
        Assert.True(refused.TryGetMetadata(MetadataName.RetryAfter, out var wait));
        Assert.Equal(TimeSpan.FromMilliseconds(waitMs), wait);
        _time.Advance(wait - TimeSpan.FromMicroseconds(1));
        Assert.False(limiter.AttemptAcquire().IsAcquired);
        _time.Advance(TimeSpan.FromMicroseconds(1));
        Assert.True(limiter.AttemptAcquire().IsAcquired);
    }

    [Theory]
    [MemberData(nameof(OneASecond))]
    public void A_limiter_is_idle_from_when_it_is_as_if_never_used(LimitAlgorithm algorithm, int waitMs)
    {
        using var limiter = RateLimiters.Create(Of(algorithm), time: _time);
        _time.Advance(3 * Second);
        Assert.Equal(3 * Second, limiter.IdleDuration);
        limiter.AttemptAcquire();
        Assert.Null(limiter.IdleDuration);
        _time.Advance(TimeSpan.FromMilliseconds(waitMs) - TimeSpan.FromMicroseconds(1));
        Assert.Null(limiter.IdleDuration);
        _time.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Equal(TimeSpan.Zero, limiter.IdleDuration);
        _time.Advance(Second);
        Assert.Equal(Second, limiter.IdleDuration);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task More_than_the_queue_holds_is_refused_and_counted(LimitAlgorithm algorithm)
    {
        await using var limiter = RateLimiters.Create(Of(algorithm), queueLimit: 2, time: _time);
        using var held = limiter.AttemptAcquire();
        var waiting = Enumerable.Range(0, 2).Select(_ => limiter.AcquireAsync(cancellationToken: Cancellation).AsTask()).ToList();
        using var refused = await limiter.AcquireAsync(cancellationToken: Cancellation);
        Assert.False(refused.IsAcquired);
        Assert.All(waiting, w => Assert.False(w.IsCompleted));
        var statistics = limiter.GetStatistics()!;
        Assert.Equal((0, 2, 1, 1), (statistics.CurrentAvailablePermits, statistics.CurrentQueuedCount, statistics.TotalSuccessfulLeases, statistics.TotalFailedLeases));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Newest_first_the_oldest_makes_room(LimitAlgorithm algorithm)
    {
        await using var limiter = RateLimiters.Create(Of(algorithm), 1, QueueProcessingOrder.NewestFirst, _time);
        using var held = limiter.AttemptAcquire();
        var older = limiter.AcquireAsync(cancellationToken: Cancellation).AsTask();
        var newer = limiter.AcquireAsync(cancellationToken: Cancellation).AsTask();
        Assert.False((await older).IsAcquired);
        Assert.False(newer.IsCompleted);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Who_waits_when_the_limiter_ends_is_refused(LimitAlgorithm algorithm)
    {
        var limiter = RateLimiters.Create(Of(algorithm), queueLimit: 5, time: _time);
        using var held = limiter.AttemptAcquire();
        var waiting = Enumerable.Range(0, 5).Select(_ => limiter.AcquireAsync(cancellationToken: Cancellation).AsTask()).ToList();
        await limiter.DisposeAsync();
        Assert.All(await Task.WhenAll(waiting), lease => Assert.False(lease.IsAcquired));
        Assert.Throws<ObjectDisposedException>(() => limiter.AttemptAcquire());
        _time.Advance(TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task Who_gives_up_waiting_no_longer_holds_up_those_behind()
    {
        await using var limiter = RateLimiters.Create(Limit.TokenBucket(10, Second), queueLimit: 20, time: _time);
        limiter.AttemptAcquire(9);
        using var patience = new CancellationTokenSource();
        var large = limiter.AcquireAsync(10, patience.Token).AsTask();
        var small = limiter.AcquireAsync(1, Cancellation).AsTask();
        Assert.False(small.IsCompleted);
        await patience.CancelAsync();
        var cancelled = await Assert.ThrowsAsync<TaskCanceledException>(() => large);
        Assert.Equal(patience.Token, cancelled.CancellationToken);
        Assert.True((await small).IsAcquired);
        Assert.Equal(0, limiter.GetStatistics()!.CurrentQueuedCount);
    }

    [Fact]
    public async Task A_leaky_bucket_lets_its_queue_go_at_its_pace()
    {
        await using var limiter = RateLimiters.Create(Limit.LeakyBucket(10, Second), queueLimit: 5, time: _time);
        var waiting = Enumerable.Range(0, 6).Select(_ => limiter.AcquireAsync(cancellationToken: Cancellation).AsTask()).ToList();
        for (var ms = 0; ms <= 500; ms += 10)
        {
            Assert.Equal(1 + (ms / 100), limiter.GetStatistics()!.TotalSuccessfulLeases);
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.All(await Task.WhenAll(waiting), lease => Assert.True(lease.IsAcquired));
    }

    [Fact]
    public async Task A_disposed_lease_lets_the_next_in_and_counts_once()
    {
        await using var limiter = RateLimiters.Create(Limit.Concurrency(2, Second), queueLimit: 2, time: _time);
        var first = limiter.AttemptAcquire();
        var second = limiter.AttemptAcquire();
        var third = limiter.AcquireAsync(cancellationToken: Cancellation).AsTask();
        Assert.False(third.IsCompleted);
        first.Dispose();
        first.Dispose();
        Assert.True((await third).IsAcquired);
        Assert.False(limiter.AttemptAcquire().IsAcquired);
        Assert.Null(limiter.IdleDuration);
        second.Dispose();
        (await third).Dispose();
        Assert.Equal(TimeSpan.Zero, limiter.IdleDuration);
        Assert.Equal(2, limiter.GetStatistics()!.CurrentAvailablePermits);
    }

    [Fact]
    public async Task Those_who_wait_for_no_permits_are_bounded_too()
    {
        await using var limiter = RateLimiters.Create(Of(LimitAlgorithm.TokenBucket), queueLimit: 1, time: _time);
        limiter.AttemptAcquire();
        var waiting = limiter.AcquireAsync(0, Cancellation).AsTask();
        Assert.False((await limiter.AcquireAsync(0, Cancellation)).IsAcquired);
        _time.Advance(Second);
        Assert.True((await waiting).IsAcquired);
        Assert.Equal(1, limiter.GetStatistics()!.CurrentAvailablePermits);
    }

    [Fact]
    public async Task A_wait_of_months_is_waited_for()
    {
        await using var limiter = RateLimiters.Create(Limit.TokenBucket(1, TimeSpan.FromDays(100)), queueLimit: 1, time: _time);
        limiter.AttemptAcquire();
        var wait = limiter.AcquireAsync(cancellationToken: Cancellation).AsTask();
        for (var day = 0; day < 99; day++)
            _time.Advance(TimeSpan.FromDays(1));
        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.True((await wait).IsAcquired);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Many_threads_take_what_there_is_and_no_more(LimitAlgorithm algorithm)
    {
        const int Permits = 1_000;
        Assert.True(Limit.TryCreate(algorithm, Permits, Second, null, out var limit, out _));
        await using var limiter = RateLimiters.Create(limit, time: _time);
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () =>
            {
                var leases = 0;
                for (var i = 0; i < Permits; i++)
                    leases += limiter.AttemptAcquire().IsAcquired ? 1 : 0;
                return leases;
            },
            Cancellation)));

        // One at a time, where it is paced.
        Assert.Equal(algorithm == LimitAlgorithm.LeakyBucket ? 1 : Permits, taken.Sum());
    }

    [Fact]
    public async Task Many_who_come_and_wait_and_give_up_leave_nothing_behind()
    {
        await using var limiter = RateLimiters.Create(Limit.Concurrency(3, Second), queueLimit: 6, time: _time);
        var (inside, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(() => ComeAndGoAsync(new Random(seed)), Cancellation)));
        Assert.InRange(most, 1, 3);
        var statistics = limiter.GetStatistics()!;
        Assert.Equal((3, 0), (statistics.CurrentAvailablePermits, statistics.CurrentQueuedCount));

        async Task ComeAndGoAsync(Random random)
        {
            for (var i = 0; i < 2_000; i++)
            {
                var cost = random.Next(0, 4);
                using var patience = new CancellationTokenSource();
                var wait = limiter.AcquireAsync(cost, patience.Token);
                var givesUp = random.Next(2) == 0 ? patience.CancelAsync() : Task.CompletedTask;
                try
                {
                    using var lease = await wait;
                    if (lease.IsAcquired)
                    {
                        Interlocked.Exchange(ref most, Math.Max(most, Interlocked.Add(ref inside, cost)));
                        await Task.Yield();
                        Interlocked.Add(ref inside, -cost);
                    }
                }
                catch (OperationCanceledException)
                {
                    // It had enough.
                }

                await givesUp;
            }
        }
    }

    [Fact]
    public void What_can_never_be_had_is_a_mistake_of_the_caller()
    {
        using var limiter = RateLimiters.Create(Limit.Gcra(5, Second), time: _time);
        Assert.Throws<ArgumentOutOfRangeException>(() => limiter.AttemptAcquire(6));
        Assert.Throws<ArgumentOutOfRangeException>(() => RateLimiters.Create(Limit.Gcra(5, Second), queueLimit: -1));
        Assert.Throws<ArgumentException>(() => RateLimiters.Create(default));
    }

    private static Limit Of(LimitAlgorithm algorithm) =>
        Limit.TryCreate(algorithm, 1, Second, null, out var limit, out var error) ? limit : throw new InvalidOperationException(error);
}
