using System.Globalization;

namespace Groundwork.Links.Drills;

/// <summary>What was answered in one phase of an outage. Safe for concurrent use.</summary>
internal sealed class OutagePhase(string name)
{
    private readonly Lock _gate = new();
    private long _followed;
    private long _made;
    private long _refused;
    private TimeSpan _slowestFollow;
    private TimeSpan _slowestOther;

    /// <summary>In a word or two.</summary>
    public string Name => name;

    /// <summary>How many requests were refused with 503.</summary>
    public long Refused
    {
        get
        {
            lock (_gate)
                return _refused;
        }
    }

    /// <summary>How many hot links were followed.</summary>
    public long Followed
    {
        get
        {
            lock (_gate)
                return _followed;
        }
    }

    /// <summary>The longest that a follower of a hot link waited.</summary>
    public TimeSpan SlowestFollow
    {
        get
        {
            lock (_gate)
                return _slowestFollow;
        }
    }

    /// <summary>The longest that anybody else waited.</summary>
    public TimeSpan SlowestOther
    {
        get
        {
            lock (_gate)
                return _slowestOther;
        }
    }

    public void AddFollow(Answer answer)
    {
        lock (_gate)
        {
            _followed++;
            _slowestFollow = Max(_slowestFollow, answer.Took);
        }
    }

    public void AddOther(Answer answer)
    {
        lock (_gate)
        {
            _made += answer.Status == 201 ? 1 : 0;
            _refused += answer.Status == 503 ? 1 : 0;
            _slowestOther = Max(_slowestOther, answer.Took);
        }
    }

    /// <summary>Adds another phase of the same kind.</summary>
    public void Add(OutagePhase other)
    {
        lock (_gate)
        {
            (_followed, _made, _refused) = (_followed + other._followed, _made + other._made, _refused + other._refused);
            (_slowestFollow, _slowestOther) = (Max(_slowestFollow, other._slowestFollow), Max(_slowestOther, other._slowestOther));
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (_gate)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {_followed:N0} hot links followed (slowest {_slowestFollow.TotalMilliseconds:N0} ms), {_made:N0} links made, {_refused:N0} requests refused (slowest of all {_slowestOther.TotalMilliseconds:N0} ms)");
        }
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
