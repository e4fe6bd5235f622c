using System.Buffers;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Drills.Callers;

/// <summary>
/// The mistake that <see cref="LimitsRaceDrill"/> is about: reads the state, decides here, and writes it back, so that two who read at the same
/// time both spend the last permit.
/// </summary>
internal sealed class SplitTaker(ICache states, TimeProvider time) : ITaker
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public async ValueTask<LimitDecision> TakeAsync(ReadOnlyMemory<byte> key, Limit limit, CancellationToken cancellationToken)
    {
        var read = new ArrayBufferWriter<byte>();
        await states.GetAsync(key, read, cancellationToken);
        var state = new byte[LimitState.MaxLength(limit)];
        var length = read.WrittenCount;
        read.WrittenSpan.CopyTo(state);
        var decision = LimitState.Take(limit, state, ref length, LimitClock.Microseconds(time), 1);
        await states.SetAsync(key, state.AsMemory(0, length), Life, cancellationToken);
        return decision;
    }
}
