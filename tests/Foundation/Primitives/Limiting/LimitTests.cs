using CsCheck;
using Groundwork.Primitives.Limiting;

namespace Groundwork.Primitives.Tests.Limiting;

public sealed class LimitTests
{
    [Fact]
    public void One_a_day_neither_starves_nor_drifts()
    {
        const long Day = 86_400_000_000;
        foreach (var limit in (Limit[])[Limit.TokenBucket(1, TimeSpan.FromDays(1)), Limit.Gcra(1, TimeSpan.FromDays(1))])
        {
            var key = new LimitedKey(limit);

            // Asked every hour and a bit for a year, never answered a microsecond early.
            var (next, taken) = (0L, 0);
            for (var now = 0L; now < 365 * Day; now += 3_600_000_001)
            {
                var decision = key.Take(now, 1);
                Assert.Equal(now >= next, decision.IsAllowed);
                if (decision.IsAllowed)
                    (next, taken) = (now + Day, taken + 1);
            }

            Assert.InRange(taken, 350, 365);
        }
    }

    [Fact]
    public void A_rate_that_is_no_whole_number_of_microseconds_gives_exactly_its_permits()
    {
        // Seven in a second, asked every microsecond of three.
        var key = new LimitedKey(Limit.Gcra(7, TimeSpan.FromSeconds(1), burst: 1));
        var taken = 0;
        for (var now = 0L; now < 3_000_000; now++)
            taken += key.Take(now, 1).IsAllowed ? 1 : 0;
        Assert.Equal(21, taken);
    }

    [Fact]
    public void Several_limits_are_taken_all_or_none()
    {
        // Under the caller's lock: first all are asked, then all are taken.
        LimitedKey[] limits =
        [
            new(Limit.TokenBucket(5, TimeSpan.FromSeconds(1))),
            new(Limit.FixedWindow(3, TimeSpan.FromSeconds(1))),
            new(Limit.SlidingLog(4, TimeSpan.FromSeconds(1))),
        ];
        for (var i = 0; i < 5; i++)
        {
            var isAllowed = limits.All(limit => limit.Peek(i, 1).IsAllowed);
            Assert.Equal(i < 3, isAllowed);
            if (isAllowed)
                Assert.All(limits, limit => Assert.True(limit.Take(i, 1).IsAllowed));
        }

        Assert.Equal([2, 0, 1], limits.Select(limit => limit.Peek(5, 0).Remaining));
    }

    [Theory]
    [InlineData(LimitAlgorithm.TokenBucket, 0, 1_000, null, "at least one permit")]
    [InlineData(LimitAlgorithm.TokenBucket, -1, 1_000, null, "at least one permit")]
    [InlineData(LimitAlgorithm.TokenBucket, 1_000_000_001, 1_000, null, "choose a shorter period")]
    [InlineData(LimitAlgorithm.TokenBucket, 1, 0.5, null, "from 1 ms to 366 days")]
    [InlineData(LimitAlgorithm.TokenBucket, 1, 0, null, "from 1 ms to 366 days")]
    [InlineData(LimitAlgorithm.TokenBucket, 1, -1_000, null, "from 1 ms to 366 days")]
    [InlineData(LimitAlgorithm.TokenBucket, 1, 1_000.0 * 86_400 * 365_000, null, "from 1 ms to 366 days")]
    [InlineData(LimitAlgorithm.TokenBucket, 1, 1.0005, null, "round it")]
    [InlineData(LimitAlgorithm.TokenBucket, 1, 1_000, 0L, "A burst is from 1")]
    [InlineData(LimitAlgorithm.TokenBucket, 1, 1_000, 1_000_000_001L, "A burst is from 1")]
    [InlineData(LimitAlgorithm.FixedWindow, 1, 1_000, 2L, "has no burst")]
    [InlineData(LimitAlgorithm.SlidingLog, 10_001, 1_000, null, "choose sliding-window")]
    [InlineData(LimitAlgorithm.Concurrency, 10_001, 1_000, null, "split it")]
    [InlineData(LimitAlgorithm.SlidingWindow, 1_000_000_000, 86_400_000, null, "choose at most")]
    [InlineData(LimitAlgorithm.TokenBucket, 1_000_003, 86_400_000, null, "choose a burst of at most 52,")]
    [InlineData((LimitAlgorithm)0, 1, 1_000, null, "There is no such algorithm")]
    [InlineData((LimitAlgorithm)8, 1, 1_000, null, "There is no such algorithm")]
    public void A_limit_that_can_not_be_kept_is_refused_with_what_to_do(
        LimitAlgorithm algorithm, long permits, double periodMs, long? burst, string sentence)
    {
        var period = TimeSpan.FromTicks((long)(periodMs * TimeSpan.TicksPerMillisecond));
        Assert.False(Limit.TryCreate(algorithm, permits, period, burst, out var limit, out var error));
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.Equal(default, limit);
    }

    [Fact]
    public void The_burst_that_an_error_names_is_accepted() =>
        Gen.Select(Gen.Long[1, Limit.MaxPermits], Gen.Long[Limit.MinPeriod, Limit.MaxPeriod]).Sample((permits, period) =>
        {
            var span = TimeSpan.FromMicroseconds(period);
            if (Limit.TryCreate(LimitAlgorithm.Gcra, permits, span, null, out _, out var error) || !error.Contains("at most", StringComparison.Ordinal))
                return;
            var named = long.Parse(string.Concat(error.Split("at most ")[1].TakeWhile(c => char.IsAsciiDigit(c) || c == ',').Where(char.IsAsciiDigit)));
            Assert.True(Limit.TryCreate(LimitAlgorithm.Gcra, permits, span, named, out _, out _));
        });

    [Fact]
    public void No_limit_counts_past_what_a_double_holds() =>
        Gen.Select(Gen.Int[1, 7], Gen.Long[1, Limit.MaxPermits], Gen.Long[Limit.MinPeriod, Limit.MaxPeriod], Gen.Long[1, Limit.MaxPermits])
            .Sample((algorithm, permits, period, burst) =>
            {
                var hasBurst = LimitHistories.Buckets.Contains((LimitAlgorithm)algorithm);
                var span = TimeSpan.FromMicroseconds(period);
                return !Limit.TryCreate((LimitAlgorithm)algorithm, permits, span, hasBurst ? burst : null, out var limit, out _)
                    || (limit.Algorithm is not (LimitAlgorithm.SlidingWindow or LimitAlgorithm.TokenBucket or LimitAlgorithm.Gcra or LimitAlgorithm.LeakyBucket)
                    || (Int128)limit.MaxCost * limit.Unit * 2 <= Limit.Exact);
            });

    [Fact]
    public void A_limit_that_nobody_made_is_refused()
    {
        var (state, length) = (new byte[64], 0);
        Assert.Throws<ArgumentException>(() => LimitState.Take(default, state, ref length, 0, 1));
        Assert.Throws<ArgumentException>(() => LimitState.Peek(default, state, 0, 1));
        Assert.Throws<ArgumentException>(() => default(TokenBucket).Take(default, 0, 1));
        Assert.Throws<ArgumentException>(() => default(Gcra).Take(Limit.TokenBucket(1, TimeSpan.FromSeconds(1)), 0, 1));
    }

    [Fact]
    public void A_negative_cost_is_refused_by_every_algorithm()
    {
        foreach (var algorithm in LimitHistories.Timed)
        {
            Assert.True(Limit.TryCreate(algorithm, 1, TimeSpan.FromSeconds(1), null, out var limit, out _));
            Assert.Throws<ArgumentOutOfRangeException>(() => new LimitedKey(limit).Take(0, -1));
            Assert.Throws<ArgumentOutOfRangeException>(() => new LimitedKey(limit).Peek(0, long.MinValue));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new LimitedKey(Limit.Concurrency(1, TimeSpan.FromSeconds(1))).Enter(1, 0, -1));
    }

    [Fact]
    public void Fingerprints_are_the_same_in_every_version()
    {
        Assert.Equal(0xAEFF7CE04EAC2F55UL, Limit.TokenBucket(100, TimeSpan.FromSeconds(1), 20).Fingerprint);
        Assert.Distinct(new[]
        {
            Limit.TokenBucket(100, TimeSpan.FromSeconds(1), 20).Fingerprint,
            Limit.Gcra(100, TimeSpan.FromSeconds(1), 20).Fingerprint,
            Limit.TokenBucket(101, TimeSpan.FromSeconds(1), 20).Fingerprint,
            Limit.TokenBucket(100, TimeSpan.FromSeconds(2), 20).Fingerprint,
            Limit.TokenBucket(100, TimeSpan.FromSeconds(1), 21).Fingerprint,
        });
    }

    [Fact]
    public void Algorithms_have_the_names_of_settings()
    {
        Assert.Equal(
            ["token-bucket", "leaky-bucket", "fixed-window", "sliding-log", "sliding-window", "gcra", "concurrency"], LimitAlgorithmNames.All);
        foreach (var name in LimitAlgorithmNames.All)
        {
            Assert.True(LimitAlgorithmNames.TryParse(name, out var algorithm));
            Assert.Equal(name, LimitAlgorithmNames.Of(algorithm));
        }

        Assert.False(LimitAlgorithmNames.TryParse("Token-Bucket", out _));
        Assert.False(LimitAlgorithmNames.TryParse("", out _));
    }
}
