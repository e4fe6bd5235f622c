namespace Groundwork.Redis.Leases;

/// <summary>A key as Redis has it: where its value is, where its lease, and of which space it is.</summary>
internal readonly record struct LeasedKey(byte[] Value, byte[] Lease, string Space);
