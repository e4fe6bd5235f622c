namespace Groundwork.Platform.Telemetry.Recent;

/// <summary>
/// The moments at which was sampled, numbered; those older than <see cref="RecentMetrics.MaxAge"/> are forgotten. Not for
/// concurrent use.
/// </summary>
internal sealed class SampleClock
{
    private readonly Queue<Moment> _moments = new();

    /// <summary>The number of the oldest that is kept.</summary>
    public int First { get; private set; } = 1;

    /// <summary>The number of the newest; less than <see cref="First"/> where there is none.</summary>
    public int Last => First + _moments.Count - 1;

    /// <summary>Adds a moment.</summary>
    public void Add(DateTimeOffset time, double seconds)
    {
        _moments.Enqueue(new(time, seconds));
        while (_moments.Peek().Time < time - RecentMetrics.MaxAge)
            Forget();
    }

    /// <summary>Forgets the oldest moment, unless it is the newest.</summary>
    public bool Forget()
    {
        if (_moments.Count <= 1)
            return false;
        _moments.Dequeue();
        First++;
        return true;
    }

    /// <summary>The stretches of time into which those of a window fall, oldest first; <c>Bins[number - First]</c> says which.</summary>
    /// <param name="now">The window's end.</param>
    /// <param name="window">How long it is.</param>
    /// <param name="step">How long a stretch is; they begin at multiples of it, so that they stay where they are.</param>
    public SampleBins Bins(DateTimeOffset now, TimeSpan window, TimeSpan step)
    {
        var of = new int[_moments.Count];
        var ends = new List<DateTimeOffset>();
        var seconds = new List<double>();
        var (at, open) = (0, long.MinValue);
        foreach (var moment in _moments)
        {
            of[at] = -1;
            if (moment.Time > now - window && moment.Time <= now && moment.Seconds > 0)
            {
                // A sample is about the time before it.
                var bin = (moment.Time.UtcTicks - 1) / step.Ticks;
                if (bin != open)
                {
                    open = bin;
                    ends.Add(moment.Time);
                    seconds.Add(0);
                }

                ends[^1] = moment.Time;
                seconds[^1] += moment.Seconds;
                of[at] = ends.Count - 1;
            }

            at++;
        }

        return new SampleBins(First, of, ends, seconds);
    }

    private readonly record struct Moment(DateTimeOffset Time, double Seconds);
}

/// <summary>Stretches of time, and which sample falls into which.</summary>
/// <param name="First">The number of the first sample of <paramref name="Of"/>.</param>
/// <param name="Of">The stretch of each sample; -1 where it is outside of the window.</param>
/// <param name="Ends">When each ends.</param>
/// <param name="Seconds">How long was sampled in each.</param>
internal sealed record SampleBins(int First, int[] Of, IReadOnlyList<DateTimeOffset> Ends, IReadOnlyList<double> Seconds)
{
    /// <summary>How many there are.</summary>
    public int Count => Ends.Count;

    /// <summary>The stretch of a sample; -1 where it is outside.</summary>
    public int OfSample(int number) => number < First || number - First >= Of.Length ? -1 : Of[number - First];
}
