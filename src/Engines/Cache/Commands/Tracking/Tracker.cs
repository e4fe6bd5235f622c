namespace Groundwork.Cache.Commands.Tracking;

/// <summary>
/// A client that keeps copies of what it reads, and is told when they are good no more. One for as long as its client is connected,
/// so that keys which it read before it turned tracking off and on again are still its own.
/// </summary>
/// <remarks>What is told is told by any thread; the rest happens on the client's own.</remarks>
internal sealed class Tracker(ITrackedClient client)
{
    private volatile TrackerState _state = TrackerState.Off;
    private volatile bool _isRedirectBroken;

    /// <summary>Who it is.</summary>
    public ITrackedClient Client { get; } = client;

    /// <summary>What it has asked for.</summary>
    public TrackerState State => _state;

    /// <summary>Whether who should have been told in its place had left.</summary>
    public bool IsRedirectBroken => _isRedirectBroken;

    /// <summary>Whether CLIENT CACHING was said, for the next command or transaction.</summary>
    public bool IsCachingSaid { get; set; }

    /// <summary>Whether it is to be told of keys that it reads now.</summary>
    public bool Registers => _state is { IsOn: true, Mode: var mode } && (mode & TrackingMode.Broadcast) == 0
        && ((mode & (TrackingMode.OptIn | TrackingMode.OptOut)) == 0 || IsCachingSaid == ((mode & TrackingMode.OptIn) != 0));

    /// <summary>It asks for something else.</summary>
    public void Set(TrackerState state)
    {
        _isRedirectBroken = false;
        if (!state.IsOn)
            IsCachingSaid = false;
        _state = state;
    }

    /// <summary>Whether it does not want to know of a change that its own command made.</summary>
    public bool Skips(TrackingTurn? turn) => _state.Is(TrackingMode.NoLoop) && turn is not null && ReferenceEquals(turn.Client, Client);

    /// <summary>Tells it, or who is told in its place, if there is a way to.</summary>
    public void Tell(Invalidation message)
    {
        var state = _state;
        if (!state.IsOn)
            return;
        if (state.Redirect is not { } other)
        {
            if (Client.Protocol == 3)
                TrackingTurn.Send(Client, message.Push());
            return;
        }

        var isTold = !other.IsClosed;
        if (isTold && other.Protocol == 3)
            isTold = TrackingTurn.Send(other, message.Push());
        else if (isTold && other.Listens)
            isTold = TrackingTurn.Send(other, message.ChannelMessage());
        if (isTold)
            return;

        _isRedirectBroken = true;
        if (Client.Protocol == 3)
            TrackingTurn.Send(Client, Invalidation.RedirectBroken(other.Id));
    }
}
