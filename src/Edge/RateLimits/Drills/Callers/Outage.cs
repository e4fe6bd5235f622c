using System.Globalization;

namespace Groundwork.RateLimits.Drills.Callers;

/// <summary>What callers saw of one policy while the store was away. Safe for concurrent use.</summary>
/// <param name="policy">Its name.</param>
/// <param name="soon">What counts as soon.</param>
internal sealed class Outage(string policy, TimeSpan soon)
{
    private readonly Lock _gate = new();
    private long _answers;
    private long _soon;
    private TimeSpan _slowest;

    /// <summary>How many were answered.</summary>
    public long Answers
    {
        get
        {
            lock (_gate)
                return _answers;
        }
    }

    /// <summary>Whether most were answered soon.</summary>
    public bool IsMostlySoon
    {
        get
        {
            lock (_gate)
                return 2 * _soon >= _answers;
        }
    }

    /// <summary>One was.</summary>
    public void Add(LimitedAnswer answer)
    {
        lock (_gate)
        {
            _answers++;
            _soon += answer.Took <= soon ? 1 : 0;
            _slowest = answer.Took > _slowest ? answer.Took : _slowest;
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (_gate)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{policy}: {_answers:N0} answers, {_soon:N0} within {soon.TotalMilliseconds:0} ms, the slowest after {_slowest.TotalMilliseconds:N0} ms");
        }
    }
}
