using Groundwork.Primitives.Limiting;

namespace Groundwork.Primitives.Tests.Limiting;

/// <summary>The bytes of docs/formats/limit-state.md: states outlive the program that wrote them.</summary>
public sealed class LimitFormatTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // Three taken of ten a second, half a second after 2²⁴ seconds.
    private const long Now = 16_777_216_500_000;

    [Theory]
    // Seven permits of 100,000 units; and the time.
    [InlineData(LimitAlgorithm.TokenBucket, "60AE0A0000000000 20A10740420F0000")]
    // What is paid back 300,000 µs later.
    [InlineData(LimitAlgorithm.Gcra, "00350C40420F0000 00000000")]
    [InlineData(LimitAlgorithm.LeakyBucket, "00350C40420F0000 00000000")]
    [InlineData(LimitAlgorithm.FixedWindow, "00000040420F0000 03000000")]
    [InlineData(LimitAlgorithm.SlidingWindow, "00000040420F0000 00000000 03000000")]
    // Three in the first of four slots.
    [InlineData(LimitAlgorithm.SlidingLog, "20A10740420F0000 0000 0100 03000000 0300000000000000 0000000000000000 0000000000000000 0000000000000000")]
    public void A_state_has_these_bytes(LimitAlgorithm algorithm, string bytes)
    {
        Assert.True(Limit.TryCreate(algorithm, 10, Second, null, out var limit, out _));
        var key = new LimitedKey(limit);
        Assert.True(key.Take(Now, 3).IsAllowed);
        Assert.Equal(bytes.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(key.State));
    }

    [Fact]
    public void Holders_have_these_bytes()
    {
        var key = new LimitedKey(Limit.Concurrency(10, Second));
        key.Enter(0x1122334455667788, Now, cost: 3);
        key.Enter(1, Now + 2, cost: 1);
        Assert.Equal(
            "20A10740420F0000" + "04000000" + "8877665544332211" + "0300000000000000" + "0100000000000000" + "0180000000000000",
            Convert.ToHexString(key.State));
    }

    [Fact]
    public void A_log_is_a_ring_that_grows_by_doubling()
    {
        var key = new LimitedKey(Limit.SlidingLog(10, Second));
        var lengths = new List<int>();
        for (var i = 0; i < 10; i++)
        {
            Assert.True(key.Take(Now + (i * 10_000), 1).IsAllowed);
            lengths.Add(key.State.Length);
        }

        Assert.Equal([48, 48, 48, 48, 80, 80, 80, 80, 96, 96], lengths);

        // Once all has expired it begins anew.
        Assert.True(key.Take(Now + 2_000_000, 1).IsAllowed);
        Assert.Equal(48, key.State.Length);
    }
}
