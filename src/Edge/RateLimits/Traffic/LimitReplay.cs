using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Traffic;

/// <summary>The limits of a policy as a store would count them for one key after another, from nothing: all allow a take, or none is taken from.</summary>
/// <remarks>Not for concurrent use. It holds the state of one key, since no key has anything to do with another.</remarks>
internal sealed class LimitReplay
{
    private readonly Limit[] _limits;
    private readonly byte[][] _states;
    private readonly int[] _lengths;

    public LimitReplay(IReadOnlyList<Limit> limits)
    {
        _limits = [.. limits];
        _states = [.. limits.Select(l => new byte[LimitState.MaxLength(l)])];
        _lengths = new int[_limits.Length];
    }

    /// <summary>Whether limits can be replayed: how long what they admit is at work is not recorded.</summary>
    public static bool Can(IEnumerable<Limit> limits) => limits.All(l => l.Algorithm != LimitAlgorithm.Concurrency);

    /// <summary>From here on another key's.</summary>
    public void Begin() => Array.Clear(_lengths);

    /// <summary>Takes from all or none.</summary>
    /// <returns>Whether it is allowed, and how many microseconds it waits then.</returns>
    public (bool IsAllowed, long Delay) Take(long now, long cost)
    {
        if (_limits.Length > 1)
        {
            for (var i = 0; i < _limits.Length; i++)
            {
                if (!LimitState.Peek(_limits[i], _states[i].AsSpan(0, _lengths[i]), now, cost).IsAllowed)
                    return (false, 0);
            }
        }

        var (allowed, delay) = (true, 0L);
        for (var i = 0; i < _limits.Length; i++)
        {
            var decision = LimitState.Take(_limits[i], _states[i], ref _lengths[i], now, cost);
            (allowed, delay) = (allowed && decision.IsAllowed, Math.Max(delay, decision.Delay));
        }

        return (allowed, allowed ? delay : 0);
    }
}
