using System.Net;
using Groundwork.Ports.Caching;
using Groundwork.Redis.Raw;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Groundwork.Redis;

/// <summary>
/// The connection for calls: made at the first, made again by the driver. A call ends within <c>Cache:Timeout</c>, whatever happens.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class RedisConnection : IAsyncDisposable
{
    private const int MaxCalls = 4096;
    private const long MaxBytes = 64 << 20;

    private readonly RedisAddress _address;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CallGate _gate = new(MaxCalls, MaxBytes);
    private readonly Lazy<Task<ConnectionMultiplexer>> _multiplexer;
    private Exception? _failure;

    /// <summary>Connects to nothing yet.</summary>
    public RedisConnection(RedisAddress address, TimeSpan timeout, TimeProvider time, ILogger log)
    {
        (_address, Timeout, _time, _log) = (address, timeout, time, log);
        _multiplexer = new(() => Task.Run(ConnectAsync));
    }

    /// <summary>How long a call may take.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>Whether keys lie on several servers, as far as is known.</summary>
    public bool IsCluster =>
        _multiplexer is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } multiplexer }
        && Array.Exists(multiplexer.Result.GetServers(), s => s.ServerType == ServerType.Cluster);

    /// <summary>Connects, if nobody has; not bound by <c>Cache:Timeout</c>.</summary>
    /// <exception cref="CacheException">There is no connection; the driver goes on trying.</exception>
    public async ValueTask ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            var multiplexer = await _multiplexer.Value.WaitAsync(cancellationToken);
            if (!multiplexer.IsConnected)
                throw _failure ?? new IOException("There is no connection.");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw RedisFailures.Of(e, null, _address);
        }
    }

    /// <summary>Makes one call.</summary>
    /// <param name="call">Sends it.</param>
    /// <param name="state">What it is told.</param>
    /// <param name="bytes">What it sends, roughly.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CacheException">It failed, or there was no answer in time.</exception>
    public ValueTask<TResult> CallAsync<TState, TResult>(
        Func<IDatabase, TState, Task<TResult>> call, TState state, long bytes, CancellationToken cancellationToken) =>
        CallAsync(call, state, bytes, Timeout, cancellationToken);

    /// <summary>Makes one call that may take longer than others: nobody waits for it whose request it holds up.</summary>
    public async ValueTask<TResult> CallAsync<TState, TResult>(
        Func<IDatabase, TState, Task<TResult>> call, TState state, long bytes, TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_gate.TryEnter(bytes))
            throw RedisFailures.TooMany(_address);

        var task = SendAsync(call, state);
        _ = LeaveAfterAsync(task, bytes);
        return await WithinAsync(task, timeout, cancellationToken);
    }

    /// <summary>Waits for an answer as long as a call may take.</summary>
    /// <exception cref="CacheException">It failed, or did not come in time.</exception>
    public Task<TResult> WithinTimeoutAsync<TResult>(Task<TResult> answer, CancellationToken cancellationToken) => WithinAsync(answer, Timeout, cancellationToken);

    /// <summary>More calls wait for the server than may.</summary>
    public CacheException TooMany() => RedisFailures.TooMany(_address);

    /// <summary>Asks for a sign of life; where there is no connection, finds out whether the server does not let us in.</summary>
    /// <exception cref="CacheException">There is none.</exception>
    public async ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync(static (database, _) => database.PingAsync(), 0, 0, cancellationToken);
        }
        catch (CacheException e) when (e.InnerException is RedisConnectionException)
        {
            if (await FindRefusalAsync(cancellationToken) is not { } refusal)
                throw;
            Volatile.Write(ref _failure, refusal);
            throw refusal;
        }
    }

    /// <summary>Walks all keys that begin as told, a bounded step at a time, and removes them.</summary>
    /// <param name="pattern">Redis' pattern of their names.</param>
    /// <param name="cancellationToken">Ends it between two steps.</param>
    public async ValueTask RemoveAllAsync(RedisValue pattern, CancellationToken cancellationToken)
    {
        foreach (var server in await PrimariesAsync(Timeout, cancellationToken))
        {
            RedisValue cursor = 0;
            do
            {
                var found = await CallAsync(
                    static (_, step) => step.server.ExecuteAsync(null, "SCAN", [step.cursor, "MATCH", step.pattern, "COUNT", 500]),
                    (server, cursor, pattern),
                    0,
                    cancellationToken);
                cursor = (RedisValue)found[0];
                var keys = (RedisKey[])found[1]!;
                if (keys.Length > 0)
                    await CallAsync(static (database, keys) => Task.WhenAll(keys.Select(k => database.KeyDeleteAsync(k))), keys, 0, cancellationToken);
            }
            while (cursor != 0);
        }
    }

    /// <summary>The server that takes writes.</summary>
    /// <exception cref="CacheException">There is none, or several.</exception>
    public async ValueTask<EndPoint> PrimaryAsync(CancellationToken cancellationToken)
    {
        // Nobody waits for it but who listens.
        var primaries = await PrimariesAsync(_address.ConnectTimeout, cancellationToken);
        return primaries.Count == 1 && primaries[0].ServerType != ServerType.Cluster
            ? primaries[0].EndPoint
            : throw RedisFailures.SeveralPrimaries(_address);
    }

    /// <summary>Whether the driver still takes a server for the one that takes writes.</summary>
    public bool IsPrimary(EndPoint server) =>
        _multiplexer.Value is { IsCompletedSuccessfully: true } multiplexer
        && Array.Exists(multiplexer.Result.GetServers(), s => !s.IsReplica && s.EndPoint.Equals(server));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_multiplexer.IsValueCreated)
            return;
        var multiplexer = await _multiplexer.Value;
        await multiplexer.DisposeAsync();
    }

    private async Task<TResult> SendAsync<TState, TResult>(Func<IDatabase, TState, Task<TResult>> call, TState state)
    {
        var multiplexer = _multiplexer.Value;
        return await call((multiplexer.IsCompletedSuccessfully ? multiplexer.Result : await multiplexer).GetDatabase(), state);
    }

    private async Task<TResult> WithinAsync<TResult>(Task<TResult> task, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await task.WaitAsync(timeout, _time, cancellationToken);
        }
        catch (TimeoutException e) when (!task.IsCompleted)
        {
            throw RedisFailures.TimedOut(_failure ?? e, _address, timeout);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw RedisFailures.Of(e, _failure, _address);
        }
    }

    private async Task LeaveAfterAsync(Task task, long bytes)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _gate.Leave(bytes);
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(_address.Options(Timeout));
        multiplexer.ConnectionFailed += (_, e) => Lost(e.Exception ?? new IOException($"{e.FailureType}"));
        multiplexer.ConnectionRestored += (_, _) => Back();
        if (!multiplexer.IsConnected)
            Lost(await FindRefusalAsync(CancellationToken.None) as Exception ?? new IOException("There was no connection to begin with."));
        return multiplexer;
    }

    // Of a server that does not let us in, the driver may say no more than that there is no connection.
    private async Task<CacheException?> FindRefusalAsync(CancellationToken cancellationToken)
    {
        foreach (var server in _address.Servers)
        {
            try
            {
                await using var connection = await RawConnection.OpenAsync(server, _address, "groundwork-probe", _time, cancellationToken);
            }
            catch (CacheException refusal)
            {
                return refusal;
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // Nobody is there, or what is there does not speak RESP3; the driver says so too.
            }
        }

        return null;
    }

    private void Lost(Exception reason)
    {
        if (Interlocked.Exchange(ref _failure, reason) is null)
            RedisLog.Lost(_log, _address.ToString(), RedisFailures.Reason(reason));
    }

    private void Back()
    {
        if (Interlocked.Exchange(ref _failure, null) is not null)
            RedisLog.Back(_log, _address.ToString());
    }

    private async ValueTask<List<IServer>> PrimariesAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        ConnectionMultiplexer multiplexer;
        try
        {
            multiplexer = await _multiplexer.Value.WaitAsync(timeout, _time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw RedisFailures.TimedOut(e, _address, timeout);
        }

        var primaries = multiplexer.GetServers().Where(s => s is { IsConnected: true, IsReplica: false }).ToList();
        return primaries.Count > 0 ? primaries : throw RedisFailures.Of(_failure ?? new IOException("There is no connection."), null, _address);
    }
}
