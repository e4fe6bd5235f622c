using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Drills.Callers;

/// <summary>Takes a permit of one key for many callers: from a store, or, where a drill is sabotaged, as one must not. Safe for concurrent use.</summary>
internal interface ITaker
{
    /// <summary>Takes one.</summary>
    ValueTask<LimitDecision> TakeAsync(ReadOnlyMemory<byte> key, Limit limit, CancellationToken cancellationToken);
}

/// <summary>From a store, as the program does.</summary>
internal sealed class StoreTaker(ILimitStore store) : ITaker
{
    /// <inheritdoc/>
    public async ValueTask<LimitDecision> TakeAsync(ReadOnlyMemory<byte> key, Limit limit, CancellationToken cancellationToken)
    {
        var decisions = new LimitDecision[1];
        await store.TakeAsync(new[] { new LimitTake(key, limit, 1) }, decisions, cancellationToken);
        return decisions[0];
    }
}
