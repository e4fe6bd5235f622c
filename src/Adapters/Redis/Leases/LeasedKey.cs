namespace Groundwork.Redis.Leases;

/// <summary>A key as Redis has it: where its value is, and where its lease.</summary>
internal readonly record struct LeasedKey(byte[] Value, byte[] Lease);
