using System.Globalization;

namespace Groundwork.Platform.Caching.Drills;

/// <summary>What was seen while the shared cache was down.</summary>
/// <param name="Way">How it was taken away.</param>
/// <param name="Took">For how long.</param>
/// <param name="Calls">The calls into it, of each copy.</param>
/// <param name="Answered">How many reads got a value.</param>
/// <param name="Refused">How many were turned away.</param>
/// <param name="MostAtOnce">How many loads the store had at once, at most.</param>
internal sealed record Outage(string Way, TimeSpan Took, IReadOnlyList<FarCallCounts> Calls, long Answered, long Refused, int MostAtOnce)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Way} for {Took.TotalSeconds:0.0} s: {Answered:N0} reads answered, {Refused:N0} refused, {string.Join(" and ", Calls.Select(c => c.InVain.ToString("N0", CultureInfo.InvariantCulture)))} calls into the cache in vain ({Calls.Sum(c => c.FailedSoon):N0} of {Calls.Sum(c => c.Failed):N0} that failed did so within {FarCalls.Soon.TotalMilliseconds:0} ms), {MostAtOnce} loads at once");
}

/// <summary>All outages of a run together. Not for concurrent use.</summary>
internal sealed class Outages
{
    private long _answered;
    private long _refused;
    private long _mostCalls;
    private int _mostAtOnce;

    /// <summary>How many.</summary>
    public int Count { get; private set; }

    /// <summary>One more.</summary>
    public void Add(Outage outage)
    {
        Count++;
        (_answered, _refused) = (_answered + outage.Answered, _refused + outage.Refused);
        (_mostCalls, _mostAtOnce) = (Math.Max(_mostCalls, outage.Calls.Max(c => c.InVain)), Math.Max(_mostAtOnce, outage.MostAtOnce));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"In the outages {_answered:N0} reads were answered and {_refused:N0} refused; no copy called the cache in vain more than {_mostCalls} times in one, and the store had {_mostAtOnce} loads at once at most");
}
