namespace Groundwork.Ports.Caching.Inspection;

/// <summary>The keys of a space that are read most, by clients and by the module whose space it is; of a space that stands near a shared cache, those
/// that are read most near.</summary>
/// <param name="Keys">The most read first; those of a space that is not read are none.</param>
/// <param name="ReadsPerSecond">How many reads of the space there are a second, about.</param>
/// <param name="Kept">What share of the keys that were hot five to ten seconds ago were so in the five seconds after, 0 to 1; null where that is not known yet.</param>
public sealed record HotKeys(IReadOnlyList<HotKey> Keys, double ReadsPerSecond, double? Kept);

/// <summary>A key that is read often.</summary>
/// <param name="Database">Its database.</param>
/// <param name="Key">Its name.</param>
/// <param name="PerSecond">How often it is read, about.</param>
/// <param name="Share">Its share of all reads, 0 to 1.</param>
/// <param name="ErrorShare">By how much that may be too high, 0 to 1.</param>
public sealed record HotKey(int Database, ReadOnlyMemory<byte> Key, double PerSecond, double Share, double ErrorShare);
