using StackExchange.Redis;

namespace Groundwork.Redis.Leases;

/// <summary>The three steps of a lease, each of which nothing comes between.</summary>
internal interface ILeaseCommands
{
    /// <summary>Reads a value, and takes the lease unless the value is fresh or somebody else has it.</summary>
    Task<LeaseAnswer> TakeAsync(IDatabase database, LeaseRequest request);

    /// <summary>Puts a value and ends the lease, if the token is the lease's.</summary>
    Task<bool> FillAsync(IDatabase database, FillRequest request);

    /// <summary>Ends the lease, if the token is the lease's.</summary>
    Task<bool> ReleaseAsync(IDatabase database, LeasedKey key, long token);
}

/// <summary>Asks for a lease.</summary>
/// <param name="Key">Whose.</param>
/// <param name="Token">What it becomes, if it is given and the server does not choose.</param>
/// <param name="LeaseMs">How long it holds.</param>
/// <param name="StaleMs">A value with no more than this left is stale.</param>
internal readonly record struct LeaseRequest(LeasedKey Key, long Token, long LeaseMs, long StaleMs);

/// <summary>Fills a key.</summary>
/// <param name="Key">Which.</param>
/// <param name="Token">Of the lease.</param>
/// <param name="Value">The value.</param>
/// <param name="LifeMs">How long it lives, or <see cref="Lives.Endless"/>.</param>
internal readonly record struct FillRequest(LeasedKey Key, long Token, byte[] Value, long LifeMs);
