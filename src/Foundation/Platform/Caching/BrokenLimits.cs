using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Concurrency;
using Groundwork.Primitives.Limiting;

namespace Groundwork.Platform.Caching;

/// <summary>
/// Keeps limits from being asked of a shared cache that does not answer, as <see cref="BrokenCircuit"/> does for values. Safe for concurrent use.
/// </summary>
/// <remarks>With a breaker of its own: limits are asked with every request, and would keep values from a cache that refuses limits only.</remarks>
internal sealed class BrokenLimits(ILimitStore limits, Breaker breaker, TimeProvider time) : ILimitStore
{
    /// <inheritdoc/>
    public ValueTask<bool> TakeAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default) =>
        GuardedCalls.CallAsync(breaker, time, () => limits.TakeAsync(takes, decisions, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> PeekAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default) =>
        GuardedCalls.CallAsync(breaker, time, () => limits.PeekAsync(takes, decisions, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> ExitAsync(LimitTake take, CancellationToken cancellationToken = default) =>
        GuardedCalls.CallAsync(breaker, time, () => limits.ExitAsync(take, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask ResetAsync(LimitTake take, CancellationToken cancellationToken = default) => await GuardedCalls.CallAsync(breaker, time, async () =>
    {
        await limits.ResetAsync(take, cancellationToken);
        return true;
    });
}
