namespace Groundwork.Cache.Commands.Tracking;

/// <summary>What a client has asked for with CLIENT TRACKING. Immutable.</summary>
/// <param name="Mode">Which keys it is told of.</param>
/// <param name="Redirect">Who is told in its place; null where it is told itself.</param>
/// <param name="Prefixes">Where it is told of all keys that begin so; in their order.</param>
internal sealed record TrackerState(TrackingMode Mode, ITrackedClient? Redirect, byte[][] Prefixes)
{
    /// <summary>Nothing.</summary>
    public static TrackerState Off { get; } = new(TrackingMode.None, null, []);

    /// <summary>Whether it wants to be told of anything.</summary>
    public bool IsOn => !ReferenceEquals(this, Off);

    /// <summary>Whether it is in a mode.</summary>
    public bool Is(TrackingMode mode) => (Mode & mode) != 0;
}
