namespace Groundwork.Ports.Caching;

/// <summary>What a read found.</summary>
/// <param name="IsFound">Whether there was a value.</param>
/// <param name="Left">How long it had left to live when it was read; <see cref="Timeout.InfiniteTimeSpan"/> where it has no end, nothing where
/// there is no value. Whoever keeps a copy keeps it no longer.</param>
public readonly record struct CacheRead(bool IsFound, TimeSpan Left)
{
    /// <summary>There was none.</summary>
    public static CacheRead Missing => default;
}
