using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Drills.Callers;

/// <summary>The mistake that <see cref="LimitsSkewDrill"/> is about: one state for all, taken from one at a time, but by the clock of whoever asks.</summary>
internal sealed class CallerTimeTaker(CallerTimeTaker.State shared, TimeProvider time) : ITaker
{
    /// <inheritdoc/>
    public async ValueTask<LimitDecision> TakeAsync(ReadOnlyMemory<byte> key, Limit limit, CancellationToken cancellationToken)
    {
        // As a call to a store does, it lets others go on.
        await Task.Yield();
        return shared.Take(limit, LimitClock.Microseconds(time));
    }

    /// <summary>The state of one key. Safe for concurrent use.</summary>
    internal sealed class State
    {
        private readonly Lock _gate = new();
        private byte[] _bytes = [];
        private int _length;

        /// <summary>Takes one.</summary>
        public LimitDecision Take(Limit limit, long now)
        {
            lock (_gate)
            {
                if (_bytes.Length == 0)
                    _bytes = new byte[LimitState.MaxLength(limit)];
                return LimitState.Take(limit, _bytes, ref _length, now, 1);
            }
        }
    }
}
