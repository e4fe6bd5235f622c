using Groundwork.Ports.Caching;

namespace Groundwork.Redis.Leases;

/// <summary>What Redis said to who asked for a lease.</summary>
/// <param name="State">Whether to load.</param>
/// <param name="Value">The value; null for none.</param>
/// <param name="LeftMs">How long it had left, or <see cref="Lives.Endless"/>.</param>
/// <param name="Token">The lease's, where it was granted.</param>
internal readonly record struct LeaseAnswer(LeaseState State, byte[]? Value, long LeftMs, long Token);
