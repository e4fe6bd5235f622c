using CsCheck;
using Groundwork.Primitives.Concurrency;

namespace Groundwork.Primitives.Tests.Concurrency;

public sealed class BreakerTests
{
    private const int Failures = 3;
    private const long Pause = 100;

    private readonly Breaker _breaker = new(Failures, Pause);

    [Fact]
    public void It_opens_after_so_many_failures_in_a_row()
    {
        for (var i = 0; i < 2; i++)
        {
            _breaker.Failed(0);
            _breaker.Failed(0);
            Assert.True(_breaker.MayCall(0));
            _breaker.Succeeded();
        }

        for (var i = 0; i < Failures; i++)
            _breaker.Failed(0);
        Assert.True(_breaker.IsOpen);
        Assert.False(_breaker.MayCall(Pause - 1));
    }

    [Fact]
    public void After_a_pause_one_call_tries_and_its_success_closes_it()
    {
        Open();
        Assert.True(_breaker.MayCall(Pause));
        Assert.False(_breaker.MayCall(Pause));
        _breaker.Succeeded();
        Assert.True(_breaker.MayCall(Pause));
        Assert.True(_breaker.MayCall(Pause));
    }

    [Fact]
    public void A_try_that_fails_or_never_ends_costs_another_pause()
    {
        Open();
        Assert.True(_breaker.MayCall(Pause));
        _breaker.Failed(Pause + 10);
        Assert.False(_breaker.MayCall((2 * Pause) + 9));
        Assert.True(_breaker.MayCall((2 * Pause) + 10)); // and is never heard of again
        Assert.False(_breaker.MayCall((3 * Pause) + 9));
        Assert.True(_breaker.MayCall((3 * Pause) + 10));
    }

    [Fact]
    public void Of_something_that_stays_down_no_more_is_asked_than_opens_it_and_one_call_a_pause() => Gen.Int[0, 40].Array[1, 400].Sample(steps =>
    {
        var breaker = new Breaker(Failures, Pause);
        var (now, calls) = (0L, 0);
        foreach (var step in steps)
        {
            now += step;
            if (!breaker.MayCall(now))
                continue;
            calls++;
            breaker.Failed(now);
        }

        Assert.InRange(calls, 0, Failures + (now / Pause));
    });

    [Fact]
    public void Whatever_happened_before_a_success_closes_it_and_nothing_is_held_back_for_longer_than_a_pause() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 60]).Array[0, 200].Sample(steps =>
        {
            var breaker = new Breaker(Failures, Pause);
            var now = 0L;
            foreach (var (kind, wait) in steps)
            {
                now += wait;
                switch (kind)
                {
                    case 0:
                        breaker.Succeeded();
                        Assert.True(breaker.MayCall(now));
                        break;
                    case 1:
                        breaker.MayCall(now);
                        break;
                    default:
                        breaker.Failed(now);
                        break;
                }
            }

            Assert.True(breaker.MayCall(now + Pause));
        });

    private void Open()
    {
        for (var i = 0; i < Failures; i++)
            _breaker.Failed(0);
    }
}
