namespace Groundwork.Cache.Packed;

/// <summary>The secret of the tables' hash: 128 bits drawn at random once for a process, so that nobody can make keys that collide.</summary>
/// <param name="Low">The first eight bytes, as a little-endian number.</param>
/// <param name="High">The last eight.</param>
internal readonly record struct HashKey(ulong Low, ulong High);
