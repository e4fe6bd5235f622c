using System.Text;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;

namespace Groundwork.Testing.Caching;

/// <summary>What a user of the Limiting port can rely on, whichever store keeps it. Times are so long that none passes while a test runs.</summary>
public abstract class LimitStoreContract : IAsyncLifetime
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly Lazy<ILimitStore> _store;
    private readonly string _prefix = Guid.NewGuid().ToString("N");

    /// <summary>Nothing is made before a test asks for it.</summary>
    protected LimitStoreContract() => _store = new(CreateStore);

    /// <summary>Every algorithm, with three permits a day.</summary>
    public static TheoryData<string> Algorithms => [.. LimitAlgorithmNames.All];

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The store.</summary>
    protected ILimitStore Store => _store.Value;

    /// <inheritdoc/>
    public virtual ValueTask InitializeAsync() => default;

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    /// <summary>Makes a store. The derived class disposes it.</summary>
    protected abstract ILimitStore CreateStore();

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task What_a_limit_admits_is_admitted_and_no_more(string algorithm)
    {
        var limit = Three(algorithm);
        for (var i = 0; i < limit.MaxCost; i++)
            Assert.True((await TakeAsync("a", limit)).IsAllowed);

        var refused = await TakeAsync("a", limit);
        Assert.False(refused.IsAllowed);
        Assert.Equal(0, refused.Remaining);
        Assert.InRange(refused.RetryAfter, 1, 2 * 86_400_000_000L);
        Assert.True((await TakeAsync("b", limit)).IsAllowed);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task A_look_takes_nothing(string algorithm)
    {
        var limit = Three(algorithm);
        Assert.Equal(new LimitDecision(true, limit.MaxCost, 0, 0, 0), await PeekAsync("a", limit, 0));
        Assert.Equal(limit.MaxCost - 1, (await PeekAsync("a", limit, 1)).Remaining);
        Assert.Equal(limit.MaxCost - 1, (await TakeAsync("a", limit)).Remaining);
        Assert.Equal(limit.MaxCost - 1, (await TakeAsync("a", limit, 0)).Remaining);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task What_costs_more_than_a_limit_ever_admits_is_told_so(string algorithm)
    {
        var limit = Three(algorithm);
        var refused = await TakeAsync("a", limit, limit.MaxCost + 1);
        Assert.Equal((false, LimitDecision.Never), (refused.IsAllowed, refused.RetryAfter));
        Assert.True((await TakeAsync("a", limit, limit.MaxCost)).IsAllowed);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task What_is_forgotten_is_as_if_never_taken(string algorithm)
    {
        var limit = Three(algorithm);
        Assert.True((await TakeAsync("a", limit, limit.MaxCost)).IsAllowed);
        await Store.ResetAsync(Take("a", limit, 0), Token);
        Assert.True((await TakeAsync("a", limit, limit.MaxCost)).IsAllowed);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task A_limit_that_was_changed_begins_anew(string algorithm)
    {
        var limit = Three(algorithm);
        Assert.True((await TakeAsync("a", limit, limit.MaxCost)).IsAllowed);
        Assert.True(LimitAlgorithmNames.TryParse(algorithm, out var parsed));
        Assert.True(Limit.TryCreate(parsed, 4, Day, null, out var larger, out _));
        Assert.True((await TakeAsync("a", larger, larger.MaxCost)).IsAllowed);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Many_who_take_at_once_get_no_more_than_there_is(string algorithm)
    {
        Assert.True(LimitAlgorithmNames.TryParse(algorithm, out var parsed));
        Assert.True(Limit.TryCreate(parsed, 50, Day, null, out var limit, out _));
        var takes = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => TakeAsync("a", limit))));
        Assert.Equal(limit.MaxCost, takes.Count(t => t.IsAllowed));
    }

    [Fact]
    public async Task Several_limits_are_taken_from_all_or_none()
    {
        var (wide, narrow) = (Limit.TokenBucket(10, Day), Limit.FixedWindow(1, Day));
        var decisions = new LimitDecision[2];
        LimitTake[] takes = [Take("a", wide, 3), Take("b", narrow, 1)];

        Assert.True(await Store.TakeAsync(takes, decisions, Token));
        Assert.Equal((7, 0), (decisions[0].Remaining, decisions[1].Remaining));
        Assert.False(await Store.TakeAsync(takes, decisions, Token));
        Assert.Equal((true, false), (decisions[0].IsAllowed, decisions[1].IsAllowed));
        Assert.Equal((7, 0), (decisions[0].Remaining, decisions[1].Remaining));
        Assert.Equal(7, (await PeekAsync("a", wide, 0)).Remaining);
    }

    [Fact]
    public async Task Many_who_take_from_several_at_once_take_from_all_or_none()
    {
        var (first, second) = (Limit.TokenBucket(30, Day), Limit.SlidingLog(20, Day));
        var taken = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(async () =>
        {
            LimitTake[] takes = i % 2 == 0 ? [Take("a", first, 1), Take("b", second, 1)] : [Take("b", second, 1), Take("a", first, 1)];
            return await Store.TakeAsync(takes, new LimitDecision[2], Token);
        })));

        Assert.Equal(20, taken.Count(t => t));
        Assert.Equal(10, (await PeekAsync("a", first, 0)).Remaining);
    }

    [Fact]
    public async Task Who_gives_back_lets_the_next_in_and_nobody_gives_back_twice()
    {
        var limit = Limit.Concurrency(2, Day);
        Assert.True((await TakeAsync("a", limit, 1, holder: 1)).IsAllowed);
        Assert.True((await TakeAsync("a", limit, 1, holder: 2)).IsAllowed);
        Assert.False((await TakeAsync("a", limit, 1, holder: 3)).IsAllowed);

        Assert.True(await Store.ExitAsync(Take("a", limit, 1, 1), Token));
        Assert.False(await Store.ExitAsync(Take("a", limit, 1, 1), Token));
        Assert.True((await TakeAsync("a", limit, 1, holder: 3)).IsAllowed);
        Assert.False((await TakeAsync("a", limit, 1, holder: 4)).IsAllowed);
    }

    [Fact]
    public async Task A_holder_who_asks_again_holds_once()
    {
        var limit = Limit.Concurrency(3, Day);
        Assert.True((await TakeAsync("a", limit, 2, holder: 1)).IsAllowed);
        Assert.True((await TakeAsync("a", limit, 3, holder: 1)).IsAllowed);
        Assert.False((await TakeAsync("a", limit, 1, holder: 2)).IsAllowed);
        Assert.True(await Store.ExitAsync(Take("a", limit, 3, 1), Token));
        Assert.True((await TakeAsync("a", limit, 3, holder: 2)).IsAllowed);
    }

    [Fact]
    public async Task A_paced_queue_tells_who_comes_early_how_long_to_wait()
    {
        var limit = Limit.LeakyBucket(1, Day, 2);
        Assert.Equal(0, (await TakeAsync("a", limit)).Delay);
        var second = await TakeAsync("a", limit);
        Assert.True(second.IsAllowed);
        Assert.InRange(second.Delay, 86_000_000_000, 86_400_000_000);
    }

    [Fact]
    public async Task Keys_are_any_bytes_of_any_length_up_to_the_longest()
    {
        var limit = Limit.Gcra(1, Day);
        byte[][] keys = [[0], [255, 0, 13, 10], new byte[LimitStoreLimits.MaxKeyBytes], Encoding.UTF8.GetBytes("ключ {a} b")];
        foreach (var key in keys)
        {
            byte[] unique = [.. key, .. Encoding.ASCII.GetBytes(_prefix)];
            var take = new LimitTake(unique.AsMemory(0, Math.Min(unique.Length, LimitStoreLimits.MaxKeyBytes)), limit, 1);
            await Store.ResetAsync(take, Token);
            Assert.True(await Store.TakeAsync(new[] { take }, new LimitDecision[1], Token));
            Assert.False(await Store.TakeAsync(new[] { take }, new LimitDecision[1], Token));
        }
    }

    [Fact]
    public async Task What_is_no_key_no_cost_or_too_many_is_refused()
    {
        var limit = Limit.Gcra(1, Day);
        var decisions = new LimitDecision[32];
        foreach (var key in (byte[][])[[], new byte[LimitStoreLimits.MaxKeyBytes + 1]])
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.TakeAsync(new[] { new LimitTake(key, limit, 1) }, decisions, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.TakeAsync(new[] { Take("a", limit, -1) }, decisions, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.TakeAsync(Array.Empty<LimitTake>(), decisions, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () =>
            await Store.TakeAsync(Enumerable.Range(0, LimitStoreLimits.MaxTakes + 1).Select(i => Take($"{i}", limit, 1)).ToArray(), decisions, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.TakeAsync(new[] { Take("a", limit, 1) }, Memory<LimitDecision>.Empty, Token));
        Assert.True((await TakeAsync("a", limit)).IsAllowed);
    }

    /// <summary>A take of a key that no other test has.</summary>
    protected LimitTake Take(string key, Limit limit, long cost, ulong holder = 0) => new(Encoding.UTF8.GetBytes(_prefix + key), limit, cost, holder);

    private static Limit Three(string algorithm)
    {
        Assert.True(LimitAlgorithmNames.TryParse(algorithm, out var parsed));
        Assert.True(Limit.TryCreate(parsed, 3, Day, null, out var limit, out _));
        return limit;
    }

    // Each call by a holder of its own, where there are holders.
    private async Task<LimitDecision> TakeAsync(string key, Limit limit, long cost = 1, ulong? holder = null)
    {
        var decisions = new LimitDecision[1];
        var allowed = await Store.TakeAsync(new[] { Take(key, limit, cost, holder ?? (ulong)Random.Shared.NextInt64()) }, decisions, Token);
        Assert.Equal(allowed, decisions[0].IsAllowed);
        return decisions[0];
    }

    private async Task<LimitDecision> PeekAsync(string key, Limit limit, long cost)
    {
        var decisions = new LimitDecision[1];
        await Store.PeekAsync(new[] { Take(key, limit, cost) }, decisions, Token);
        return decisions[0];
    }
}
