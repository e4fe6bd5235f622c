namespace Groundwork.RateLimits.Traffic;

/// <summary>
/// How many takes of each outcome there were in each of the last seconds.
/// </summary>
/// <remarks>
/// <para>Told once a second what was counted so far: a take itself writes nothing here. What was counted between two tellings belongs to the
/// seconds between them, in equal parts where it is more than one.</para>
/// <para><see cref="Seconds"/> seconds, 19 KB. Safe for concurrent use.</para>
/// </remarks>
internal sealed class OutcomeSeries
{
    /// <summary>How many seconds are known.</summary>
    public const int Seconds = 600;

    private readonly Lock _gate = new();
    private readonly OutcomeCounts[] _ring = new OutcomeCounts[Seconds];
    private OutcomeCounts _counted;
    private long _second;
    private long _first;
    private bool _hasBegun;

    /// <summary>The second up to which it is known.</summary>
    public long Until
    {
        get
        {
            lock (_gate)
                return _second;
        }
    }

    /// <summary>So much had been counted at the end of a second.</summary>
    /// <param name="second">Which, since an origin that is always the same; those that are over already are passed over.</param>
    /// <param name="counted">Since the program began.</param>
    public void Tell(long second, OutcomeCounts counted)
    {
        lock (_gate)
        {
            if (!_hasBegun)
            {
                (_hasBegun, _first, _second, _counted) = (true, second, second, counted);
                return;
            }

            var seconds = second - _second;
            if (seconds <= 0)
                return;
            var left = counted - _counted;
            for (var still = Math.Min(seconds, Seconds); still > 0; still--)
            {
                var part = new OutcomeCounts(left.Allowed / still, left.Refused / still, left.Shadowed / still, left.Uncounted / still);
                _ring[Place(second - still + 1)] = part;
                left -= part;
            }

            (_second, _counted) = (second, counted);
        }
    }

    /// <summary>The last seconds in steps that begin at multiples of their length, the oldest first; those that have not ended are left out.</summary>
    /// <param name="length">Of a step, in seconds.</param>
    public IReadOnlyList<OutcomeStep> Read(int length)
    {
        lock (_gate)
        {
            if (!_hasBegun)
                return [];
            var oldest = Math.Max(_first, _second - Seconds);
            var steps = new List<OutcomeStep>();
            for (var end = ((oldest + length - 1) / length * length) + length; end <= _second; end += length)
                steps.Add(new OutcomeStep(end, Sum(end - length, end)));
            return steps;
        }
    }

    /// <summary>All of the last seconds, and how many of them there were.</summary>
    /// <param name="most">How many at most.</param>
    public (OutcomeCounts Sum, int Seconds) Last(long most)
    {
        lock (_gate)
        {
            var seconds = _hasBegun ? Math.Min(Math.Min(most, Seconds), _second - _first) : 0;
            return (Sum(_second - seconds, _second), (int)seconds);
        }
    }

    private OutcomeCounts Sum(long after, long until)
    {
        var sum = default(OutcomeCounts);
        for (var second = after + 1; second <= until; second++)
            sum += _ring[Place(second)];
        return sum;
    }

    private static int Place(long second) => (int)(second % Seconds);
}

/// <summary>What was counted in a step.</summary>
/// <param name="End">The second that it ends with.</param>
/// <param name="Counts">What was counted in it.</param>
internal readonly record struct OutcomeStep(long End, OutcomeCounts Counts);
