using Groundwork.Broker.Node;

namespace Groundwork.Broker.Tests.Serving;

public sealed class MemoryBudgetTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_came_first_is_served_first_also_where_a_later_one_wants_less()
    {
        var memory = new MemoryBudget(100);
        var held = await memory.TakeAsync(60, Cancellation);
        var large = memory.TakeAsync(80, Cancellation).AsTask();
        var small = memory.TakeAsync(10, Cancellation).AsTask();

        Assert.False(small.IsCompleted);
        held.Dispose();
        (await large).Dispose();
        (await small).Dispose();
        Assert.Equal(0, memory.Taken);
    }

    [Fact]
    public async Task Who_gives_up_lets_those_behind_it_pass()
    {
        var memory = new MemoryBudget(100);
        using var held = await memory.TakeAsync(60, Cancellation);
        using var patience = new CancellationTokenSource();
        var large = memory.TakeAsync(80, patience.Token).AsTask();
        var small = memory.TakeAsync(10, Cancellation).AsTask();

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        (await small).Dispose();
        Assert.Equal(60, memory.Taken);
    }

    [Fact]
    public async Task What_is_larger_than_all_of_it_gets_all_of_it_alone()
    {
        var memory = new MemoryBudget(100);
        var held = await memory.TakeAsync(1, Cancellation);
        var huge = memory.TakeAsync(1000, Cancellation).AsTask();

        Assert.False(huge.IsCompleted);
        held.Dispose();
        var all = await huge;
        Assert.Equal(100, memory.Taken);
        all.Dispose();
        all.Dispose();
        Assert.Equal(0, memory.Taken);
    }

    [Fact]
    public async Task What_is_not_needed_after_all_goes_back_at_once()
    {
        var memory = new MemoryBudget(100);
        var share = await memory.TakeAsync(100, Cancellation);
        var next = memory.TakeAsync(50, Cancellation).AsTask();

        share.Shrink(200);
        Assert.False(next.IsCompleted);
        share.Shrink(30);
        (await next).Dispose();
        Assert.Equal(30, memory.Taken);
        share.Dispose();
        Assert.Equal(0, memory.Taken);
    }

    [Fact]
    public async Task Under_many_who_come_wait_and_give_up_nothing_is_lost()
    {
        var memory = new MemoryBudget(100);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 2000; i++)
            {
                using var patience = new CancellationTokenSource();
                var taking = memory.TakeAsync(random.Next(0, 90), patience.Token).AsTask();
                if (random.Next(3) == 0)
                    await patience.CancelAsync();
                try
                {
                    using var share = await taking;
                    await Task.Yield();
                }
                catch (OperationCanceledException)
                {
                    // It had no patience.
                }
            }
        })));

        Assert.Equal(0, memory.Taken);
    }
}
