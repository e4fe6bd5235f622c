using Groundwork.Ports.Caching;

namespace Groundwork.Redis.Leases;

/// <summary>What Redis said to who asked for a lease.</summary>
/// <param name="State">Whether to load.</param>
/// <param name="Value">The value; null for none.</param>
internal readonly record struct LeaseAnswer(LeaseState State, byte[]? Value);
