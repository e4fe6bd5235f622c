namespace Groundwork.Platform.Telemetry.Recent;

/// <summary>A part of what was found, newest first.</summary>
/// <param name="Items">At most as many as were asked for.</param>
/// <param name="Before">What to put into the next query to go on; null where there is no more.</param>
public sealed record RecentPage<T>(IReadOnlyList<T> Items, long? Before);
