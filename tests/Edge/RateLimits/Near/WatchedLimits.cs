using System.Text;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;
using Groundwork.Testing.Caching;

namespace Groundwork.RateLimits.Tests.Near;

/// <summary>A shared store that tells how much it was asked for, and whose answers can be held back.</summary>
internal sealed class WatchedLimits(TimeProvider time) : ILimitStore
{
    private readonly Lock _gate = new();
    private readonly List<long> _costs = [];
    private TaskCompletionSource? _held;

    /// <summary>The store itself, as another copy sees it.</summary>
    public MemoryLimits Inner { get; } = new(time);

    /// <summary>What calls end with, where it is set when they are answered.</summary>
    public CacheException? Failure { get; set; }

    /// <summary>What each take asked for.</summary>
    public IReadOnlyList<long> Costs
    {
        get
        {
            lock (_gate)
                return [.. _costs];
        }
    }

    /// <summary>From now on answers are on their way until <see cref="Release"/>; what was asked is done at once.</summary>
    public void Hold() => _held = new TaskCompletionSource();

    /// <summary>Lets the answers arrive.</summary>
    public void Release()
    {
        var held = _held;
        _held = null;
        held?.SetResult();
    }

    public async ValueTask<bool> TakeAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default)
    {
        var isAllowed = await Inner.TakeAsync(takes, decisions, cancellationToken);
        var held = _held;
        lock (_gate)
            _costs.Add(takes.Span[0].Cost);
        if (held is not null)
            await held.Task;
        return Failure is null ? isAllowed : throw Failure;
    }

    public ValueTask<bool> PeekAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default) =>
        Inner.PeekAsync(takes, decisions, cancellationToken);

    public ValueTask<bool> ExitAsync(LimitTake take, CancellationToken cancellationToken = default) => Inner.ExitAsync(take, cancellationToken);

    public ValueTask ResetAsync(LimitTake take, CancellationToken cancellationToken = default) => Inner.ResetAsync(take, cancellationToken);
}

/// <summary>Calls as short as tests read best.</summary>
internal static class StoreCalls
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static LimitTake Take(Limit limit, long cost = 1, int batch = 0, string key = "key") => new(Encoding.UTF8.GetBytes(key), limit, cost, Batch: batch);

    public static async Task<LimitDecision> TakeAsync(
        this ILimitStore store, Limit limit, long cost = 1, int batch = 0, string key = "key", CancellationToken? token = null)
    {
        var decisions = new LimitDecision[1];
        var allowed = await store.TakeAsync(new[] { Take(limit, cost, batch, key) }, decisions, token ?? Token);
        Assert.Equal(allowed, decisions[0].IsAllowed);
        return decisions[0];
    }

    public static async Task<LimitDecision> PeekAsync(this ILimitStore store, Limit limit, long cost = 1)
    {
        var decisions = new LimitDecision[1];
        await store.PeekAsync(new[] { Take(limit, cost) }, decisions, Token);
        return decisions[0];
    }

    public static async Task<(bool Allowed, LimitDecision[] Decisions)> TakeAllAsync(this ILimitStore store, params LimitTake[] takes)
    {
        var decisions = new LimitDecision[takes.Length];
        return (await store.TakeAsync(takes, decisions, Token), decisions);
    }

    /// <summary>Waits until the store has been asked so often.</summary>
    public static async Task AskedAsync(this WatchedLimits store, int calls)
    {
        while (store.Costs.Count < calls)
        {
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
