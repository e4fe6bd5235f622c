namespace Groundwork.Cache.Popularity;

/// <summary>A key that <see cref="KeySample"/> watches.</summary>
/// <param name="Hash">Of the key.</param>
/// <param name="Used">The tick of its last use.</param>
/// <param name="Bytes">The size of its entry's block when it was used.</param>
/// <param name="Frequency">How often it was used, whether it was in the cache or not.</param>
internal record struct WatchedKey(ulong Hash, uint Used, ushort Bytes, byte Frequency);
