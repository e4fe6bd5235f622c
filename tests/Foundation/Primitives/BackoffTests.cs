using CsCheck;

namespace Groundwork.Primitives.Tests;

public sealed class BackoffTests
{
    private static readonly Backoff Wait = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(9, 256)]
    [InlineData(10, 300)]
    [InlineData(int.MaxValue, 300)]
    public void The_longest_wait_doubles_up_to_the_cap(int failures, double seconds)
        => Assert.Equal(seconds, Wait.Ceiling(failures).TotalSeconds);

    [Fact]
    public void A_wait_is_a_random_share_of_the_longest()
        => Gen.Select(Gen.Int[1, 100], Gen.Double[0, 0.999]).Sample((failures, random) =>
            Wait.Delay(failures, random) is var delay && delay >= TimeSpan.Zero && delay <= Wait.Ceiling(failures)
            && Wait.Delay(failures, 0) == TimeSpan.Zero);

    [Fact]
    public void What_is_out_of_range_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Wait.Delay(0, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Wait.Delay(1, 1.0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Backoff(TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Backoff(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1)));
    }
}
