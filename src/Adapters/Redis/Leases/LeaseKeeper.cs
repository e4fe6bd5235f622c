using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Groundwork.Ports.Caching;

namespace Groundwork.Redis.Leases;

/// <summary>
/// Gives, uses and ends leases: by scripts, or by transactions where the server turns out to have no scripts.
/// </summary>
/// <remarks>
/// <para>A token is 64 random bits, drawn here. A counter on the server would begin anew with the server, and one in the process would meet
/// those of others; that two tokens of one key are the same by chance happens once in 10¹⁹ leases.</para>
/// <para>Our own cache has commands for leases (<c>GETLEASE</c>). They are not used: such a lease of a key without a value is nowhere among the
/// keys, so that clearing a space, which walks them, would not find it.</para>
/// <para>Thread-safe.</para>
/// </remarks>
internal sealed class LeaseKeeper(RedisConnection connection)
{
    private static readonly LeaseScripts Scripts = new();
    private static readonly LeaseTransactions Transactions = new();

    private volatile bool _hasNoScripts;

    private ILeaseCommands Commands => _hasNoScripts ? Transactions : Scripts;

    /// <summary>Reads a key for a caller who would load it.</summary>
    public async ValueTask<CacheLease> LeaseAsync(
        LeasedKey key, LeaseTerms terms, IBufferWriter<byte> destination, CancellationToken cancellationToken)
    {
        var token = NewToken();
        var request = new LeaseRequest(key, token, Lives.Ms(terms.Lease, nameof(terms)), StaleMs(terms.Stale));
        var answer = await CallAsync(
            static (commands, database, request) => commands.TakeAsync(database, request), request, key.Value.Length, cancellationToken);
        if (answer.Value is not null)
            destination.Write(answer.Value);
        return new CacheLease(answer.State, answer.Value is not null, answer.State == LeaseState.Granted ? token : 0);
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

    private async ValueTask<TResult> CallAsync<TState, TResult>(
        Func<ILeaseCommands, StackExchange.Redis.IDatabase, TState, Task<TResult>> call, TState state, long bytes, CancellationToken cancellationToken)
    {
        var commands = Commands;
        try
        {
            return await SendAsync(commands);
        }
        catch (CacheException e) when (commands == Scripts && e.InnerException is { } inner && RedisFailures.IsUnknownCommand(inner))
        {
            _hasNoScripts = true;
            return await SendAsync(Transactions);
        }

        ValueTask<TResult> SendAsync(ILeaseCommands by) => connection.CallAsync(
            static (database, s) => s.call(s.by, database, s.state), (call, by, state), bytes, cancellationToken);
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
