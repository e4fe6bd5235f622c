using Groundwork.Cache.Entries;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Entries;

public sealed class UnixClockTests
{
    [Fact]
    public void Another_clock_than_the_systems_is_read_each_time()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_000));
        var clock = new UnixClock(time);
        Assert.Equal(1_000, clock.Now);

        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1_001, clock.Now);
    }

    [Fact]
    public void The_systems_clock_is_followed_within_a_second_however_seldom_the_machine_ticks()
    {
        var clock = new UnixClock(TimeProvider.System);
        for (var i = 0; i < 10_000; i++)
        {
            var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            var now = clock.Now;
            Assert.InRange(now, before - 1000, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + 1000);
        }
    }
}
