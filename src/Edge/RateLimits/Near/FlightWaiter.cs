using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Near;

/// <summary>Somebody who waits for what the store says of a key.</summary>
internal sealed class FlightWaiter(long cost, int batch, bool isHot)
    : TaskCompletionSource<LimitDecision>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private CancellationTokenRegistration _cancellation;

    /// <summary>How much it wants, above 0.</summary>
    public long Cost => cost;

    /// <summary>How many may be taken at once, for those after it as well.</summary>
    public int Batch => batch;

    /// <summary>Whether the key was hot when it came.</summary>
    public bool IsHot => isHot;

    /// <summary>Whether it is among those for whom there is enough.</summary>
    public bool IsChosen { get; set; }

    /// <summary>What it will hear.</summary>
    public LimitDecision Decision { get; set; }

    /// <summary>Ends its wait, and no other's, with the token.</summary>
    public void WatchFor(CancellationToken cancellationToken) => _cancellation = cancellationToken.UnsafeRegister(
        static (state, token) => ((FlightWaiter)state!).TrySetCanceled(token), this);

    /// <summary>Lets it go on, elsewhere, with its decision.</summary>
    public void End()
    {
        _cancellation.Unregister();
        TrySetResult(Decision);
    }

    /// <summary>Lets it go on with a failure.</summary>
    public void Fail(Exception failure)
    {
        _cancellation.Unregister();
        TrySetException(failure);
    }
}
