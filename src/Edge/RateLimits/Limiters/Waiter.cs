using System.Threading.RateLimiting;

namespace Groundwork.RateLimits.Limiters;

/// <summary>Somebody in a limiter's queue, for so many permits.</summary>
internal sealed class Waiter : TaskCompletionSource<RateLimitLease>
{
    private CancellationTokenRegistration _cancellation;

    public Waiter(int cost)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        Cost = cost;
        Place = new LinkedListNode<Waiter>(this);
    }

    /// <summary>How many permits it waits for; 0 waits until there is one.</summary>
    public int Cost { get; }

    /// <summary>Its place in the queue; in no list once it has left.</summary>
    public LinkedListNode<Waiter> Place { get; }

    /// <summary>Calls when the caller stops waiting, perhaps at once.</summary>
    public void WatchFor(Action<Waiter, CancellationToken> cancelled, CancellationToken cancellationToken) =>
        _cancellation = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                var (waiter, cancelled) = ((Waiter, Action<Waiter, CancellationToken>))state!;
                cancelled(waiter, token);
            },
            (this, cancelled));

    /// <summary>Ends the wait; whoever waits goes on elsewhere.</summary>
    public void End(RateLimitLease lease)
    {
        // Not disposed of: that would wait for a cancellation that waits for the limiter's lock.
        _cancellation.Unregister();
        TrySetResult(lease);
    }
}
