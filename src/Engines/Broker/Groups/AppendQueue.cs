using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Groups;

/// <summary>What a group has under way in its log, in its order: what follows from an append is done after what follows from those before
/// it, whichever is heard of first.</summary>
/// <remarks>Not thread-safe: under its group's lock.</remarks>
internal sealed class AppendQueue
{
    private readonly Queue<Append> _appends = new();

    /// <summary>Whether nothing is under way.</summary>
    public bool IsEmpty => _appends.Count == 0;

    /// <summary>An append has begun.</summary>
    /// <param name="done">What follows.</param>
    public Append Begin(Action<ErrorCode, Moment> done)
    {
        var append = new Append(done);
        _appends.Enqueue(append);
        return append;
    }

    /// <summary>Does what follows from the appends that are done.</summary>
    public void Drain(Moment now)
    {
        while (_appends.TryPeek(out var append) && append.Outcome is { } error)
        {
            _appends.Dequeue();
            append.Done(error, now);
        }
    }

    /// <summary>An append that is under way.</summary>
    internal sealed class Append(Action<ErrorCode, Moment> done)
    {
        /// <summary>What follows.</summary>
        public Action<ErrorCode, Moment> Done => done;

        /// <summary>How it ended; null before.</summary>
        public ErrorCode? Outcome { get; set; }
    }
}
