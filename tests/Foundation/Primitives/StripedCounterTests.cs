namespace Groundwork.Primitives.Tests;

public sealed class StripedCounterTests
{
    [Fact]
    public void Nothing_that_many_threads_add_at_once_is_lost()
    {
        var counter = new StripedCounter();
        var threads = Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 250_000; i++)
                counter.Increment();
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.Equal(2_000_000, counter.Value);
    }

    [Fact]
    public void A_sum_that_is_read_meanwhile_only_grows()
    {
        var counter = new StripedCounter();
        var adding = new Thread(() =>
        {
            for (var i = 0; i < 250_000; i++)
                counter.Increment();
        });
        adding.Start();
        var last = 0L;
        while (adding.IsAlive)
        {
            var value = counter.Value;
            Assert.InRange(value, last, 250_000);
            last = value;
        }

        Assert.Equal(250_000, counter.Value);
    }
}
