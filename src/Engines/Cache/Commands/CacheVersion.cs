namespace Groundwork.Cache.Commands;

/// <summary>What the server calls itself towards clients that decide by it what they may ask for.</summary>
internal static class CacheVersion
{
    /// <summary>The version of Redis whose commands these are.</summary>
    public static ReadOnlySpan<byte> Redis => "7.0.15"u8;
}
