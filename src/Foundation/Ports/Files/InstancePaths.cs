namespace Groundwork.Ports.Files;

/// <summary>Where this instance keeps things.</summary>
/// <param name="Data">The data folder's full path.</param>
public sealed record InstancePaths(string Data);
