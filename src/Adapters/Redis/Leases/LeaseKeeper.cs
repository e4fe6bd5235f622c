using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Groundwork.Ports.Caching;
using StackExchange.Redis;

namespace Groundwork.Redis.Leases;

/// <summary>
/// Gives, uses and ends leases, by the best way that the server turns out to have: our own cache's commands, scripts, transactions.
/// </summary>
/// <remarks>
/// <para>Without our own cache a token is 64 random bits, drawn here. A counter on the server would begin anew with the server, and one
/// in the process would meet those of others; that two tokens of one key are the same by chance happens once in 10¹⁹ leases.</para>
/// <para>Which way it is, is found by <see cref="PrepareAsync"/>, or by a call that is the first: what a server does not know it has not done, and
/// the next is taken from then on. All who share a server find the same.</para>
/// <para>Thread-safe.</para>
/// </remarks>
internal sealed class LeaseKeeper(RedisConnection connection)
{
    private static readonly ILeaseCommands[] Ways = [new OwnLeases(), new LeaseScripts(), new LeaseTransactions()];

    // A key that no space can have, since a space has a name.
    private static readonly SpaceKeys Nowhere = new("");

    private volatile int _way;

    /// <summary>Finds out what the server has, by a lease of a key that nobody has, as long as that may take.</summary>
    public async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        var key = new LeasedKey(Nowhere.Value([0]), Nowhere.Lease([0]), Nowhere.Space);
        var request = new LeaseRequest(key, NewToken(), LeaseMs: 1, StaleMs: 0);
        await CallAsync(
            static (commands, database, request) => commands.TakeAsync(database, request), request, 0, Timeout.InfiniteTimeSpan, cancellationToken);
    }

    /// <summary>Cancels all leases of a space, of keys that are there or not.</summary>
    public async ValueTask CancelAllAsync(SpaceKeys keys, CancellationToken cancellationToken)
    {
        try
        {
            if (_way == 0)
            {
                await connection.CallAsync(SendCancelAsync, keys.Space, 0, cancellationToken);
                return;
            }
        }
        catch (CacheException e) when (e.InnerException is { } inner && RedisFailures.IsUnknownCommand(inner))
        {
            // Another server: it has keys.
        }

        await connection.RemoveAllAsync(keys.AllLeases, cancellationToken);
    }

    /// <summary>Reads a key for a caller who would load it.</summary>
    public async ValueTask<CacheLease> LeaseAsync(
        LeasedKey key, LeaseTerms terms, IBufferWriter<byte> destination, CancellationToken cancellationToken)
    {
        var request = new LeaseRequest(key, NewToken(), Lives.Ms(terms.Lease, nameof(terms)), StaleMs(terms.Stale));
        var answer = await CallAsync(
            static (commands, database, request) => commands.TakeAsync(database, request), request, key.Value.Length, cancellationToken);
        if (answer.Value is not null)
            destination.Write(answer.Value);
        return new CacheLease(
            answer.State,
            answer.Value is not null,
            answer.State == LeaseState.Granted ? answer.Token : 0,
            answer.Value is not null ? Lives.Left(answer.LeftMs) : TimeSpan.Zero);
    }

    /// <summary>Fills a key; false where the lease is not the token's, or the server has no room.</summary>
    public async ValueTask<bool> FillAsync(LeasedKey key, long token, byte[] value, long lifeMs, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(
                static (commands, database, request) => commands.FillAsync(database, request),
                new FillRequest(key, token, value, lifeMs),
                value.Length,
                cancellationToken);
        }
        catch (CacheException e) when (RedisFailures.IsOutOfMemory(e))
        {
            return false;
        }
    }

    /// <summary>Ends a lease that will not be used.</summary>
    public async ValueTask ReleaseAsync(LeasedKey key, long token, CancellationToken cancellationToken) => await CallAsync(
        static (commands, database, lease) => commands.ReleaseAsync(database, lease.key, lease.token),
        (key, token),
        key.Value.Length,
        cancellationToken);

    private ValueTask<TResult> CallAsync<TState, TResult>(
        Func<ILeaseCommands, IDatabase, TState, Task<TResult>> call, TState state, long bytes, CancellationToken cancellationToken) =>
        CallAsync(call, state, bytes, connection.Timeout, cancellationToken);

    private async ValueTask<TResult> CallAsync<TState, TResult>(
        Func<ILeaseCommands, IDatabase, TState, Task<TResult>> call, TState state, long bytes, TimeSpan timeout, CancellationToken cancellationToken)
    {
        for (var way = _way; ; way++)
        {
            try
            {
                return await connection.CallAsync(
                    static (database, s) => s.call(s.commands, database, s.state), (call, commands: Ways[way], state), bytes, timeout, cancellationToken);
            }
            catch (CacheException e) when (way + 1 < Ways.Length && e.InnerException is { } inner && RedisFailures.IsUnknownCommand(inner))
            {
                _way = way + 1;
            }
        }
    }

    private static async Task<bool> SendCancelAsync(IDatabase database, string space)
    {
        await OwnLeases.CancelAllAsync(database, space);
        return true;
    }

    private static long StaleMs(TimeSpan stale) => stale == TimeSpan.Zero ? 0 : Lives.Ms(stale, nameof(stale));

    private static long NewToken()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        long token;
        do
        {
            RandomNumberGenerator.Fill(bytes);
            token = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        }
        while (token == 0);
        return token;
    }
}
