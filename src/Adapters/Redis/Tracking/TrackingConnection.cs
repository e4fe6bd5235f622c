using System.Net;
using System.Text;
using Groundwork.Ports.Caching;
using Groundwork.Redis.Raw;

namespace Groundwork.Redis.Tracking;

/// <summary>
/// A connection of its own on which Redis tells what is changed under a prefix (<c>CLIENT TRACKING … BCAST</c>, over RESP3).
/// </summary>
/// <remarks>
/// The driver has no such thing: it drops the messages of RESP3, and by its way over RESP2 one would have to redirect them to a
/// connection whose number it does not tell and which it may replace at any time. One task reads, another asks; the questions' order is
/// kept by <see cref="_gate"/>.
/// </remarks>
internal sealed class TrackingConnection : IAsyncDisposable
{
    private static readonly byte[] Ping = "*1\r\n$4\r\nPING\r\n"u8.ToArray();

    private readonly RawConnection _connection;
    private readonly RespStream _resp;
    private readonly Heartbeat _heartbeat;
    private readonly Lock _gate = new();

    private TrackingConnection(RawConnection connection, TimeProvider time)
    {
        _connection = connection;
        _resp = connection.Values;
        _heartbeat = new Heartbeat(time);
    }

    /// <summary>How long ago the moment is up to which everything was told; null while there was none.</summary>
    public TimeSpan? Silence => _heartbeat.Silence;

    /// <summary>Connects, enters, and has changes told.</summary>
    /// <exception cref="CacheException">The server does not do so; others where it cannot be reached.</exception>
    public static async Task<TrackingConnection> OpenAsync(
        EndPoint server, RedisAddress address, SpaceKeys keys, TimeProvider time, CancellationToken cancellationToken)
    {
        var connection = await RawConnection.OpenAsync(server, address, "groundwork-changes", time, cancellationToken);
        try
        {
            using var patience = new CancellationTokenSource(address.ConnectTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            await connection.CommandAsync(["CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", Encoding.ASCII.GetString(keys.Prefix)], either.Token);
            return new TrackingConnection(connection, time);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tells a listener, until the connection ends, or the server is found to be silent.</summary>
    /// <param name="keys">The space's names.</param>
    /// <param name="listener">Who is told, first of all that anything may have changed.</param>
    /// <param name="tick">Says when it is time to ask again; false ends it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(SpaceKeys keys, ICacheListener listener, Func<CancellationToken, ValueTask<bool>> tick, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _heartbeat.Begin();
        listener.ChangedAll();
        var reading = ReadAsync(keys, listener, end.Token);
        var asking = AskAsync(tick, end.Token);
        var first = await Task.WhenAny(reading, asking);
        await end.CancelAsync();
        await Task.WhenAll(reading, asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task ReadAsync(SpaceKeys keys, ICacheListener listener, CancellationToken cancellationToken)
    {
        while (true)
        {
            var head = await _resp.ReadHeadAsync(cancellationToken);
            switch (head.Kind)
            {
                case '+':
                    Answered();
                    break;
                case '>':
                    await ReadPushAsync(head, keys, listener, cancellationToken);
                    break;
                case '-':
                    throw new InvalidDataException("The server refused to answer.");
                default:
                    await _resp.SkipAsync(head, cancellationToken);
                    break;
            }
        }
    }

    private async ValueTask ReadPushAsync(RespHead push, SpaceKeys keys, ICacheListener listener, CancellationToken cancellationToken)
    {
        var isInvalidation = false;
        for (var i = 0L; i < push.Number; i++)
        {
            var head = await _resp.ReadHeadAsync(cancellationToken);
            if (i == 0 && head.IsBulk)
                isInvalidation = await _resp.ReadBulkAsync(head, cancellationToken) is { } kind && kind.Span.SequenceEqual("invalidate"u8);
            else if (isInvalidation && head.Kind == '*' && head.Number >= 0)
                await ReadKeysAsync(head.Number, keys, listener, cancellationToken);
            else if (isInvalidation)
                listener.ChangedAll(); // no list: the whole database was emptied
            else
                await _resp.SkipAsync(head, cancellationToken);
        }
    }

    private async ValueTask ReadKeysAsync(long count, SpaceKeys keys, ICacheListener listener, CancellationToken cancellationToken)
    {
        for (; count > 0; count--)
        {
            var head = await _resp.ReadHeadAsync(cancellationToken);
            // A name that is too long to be returned is none of ours.
            if (head.IsBulk && await _resp.ReadBulkAsync(head, cancellationToken) is { } name)
                Tell(name.Span, keys, listener);
            else if (!head.IsBulk)
                await _resp.SkipAsync(head, cancellationToken);
        }
    }

    private static void Tell(ReadOnlySpan<byte> name, SpaceKeys keys, ICacheListener listener)
    {
        if (!keys.TryParse(name, out var key))
            return;
        if (key.IsEmpty)
            listener.ChangedAll();
        else
            listener.Changed(key);
    }

    private async Task AskAsync(Func<CancellationToken, ValueTask<bool>> tick, CancellationToken cancellationToken)
    {
        do
        {
            lock (_gate)
            {
                if (_heartbeat.IsWaiting)
                {
                    if (_heartbeat.Waited > CacheSettings.Silence)
                        throw new TimeoutException("The server is silent.");
                    continue;
                }

                _heartbeat.Ask();
            }

            await _connection.SendAsync(Ping, cancellationToken);
        }
        while (await tick(cancellationToken));
    }

    private void Answered()
    {
        lock (_gate)
            _heartbeat.Answered();
    }
}
