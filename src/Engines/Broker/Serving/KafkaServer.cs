using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Groundwork.Broker.Node;
using Groundwork.Ports.Listening;

namespace Groundwork.Broker.Serving;

/// <summary>Serves Kafka's protocol on a socket. Started and stopped once.</summary>
internal sealed class KafkaServer(BrokerNode node, ServerOptions options) : IAsyncDisposable
{
    private const int Backlog = 512;

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Connection, Task> _connections = new();
    private readonly CancellationTokenSource _stop = new();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private ITimer? _look;

    /// <summary>Where it is served; null before it was started.</summary>
    public IPEndPoint? Address => (IPEndPoint?)_listener?.LocalEndPoint;

    /// <summary>How many clients are connected.</summary>
    public int Connected => _connections.Count;

    /// <summary>What came and went.</summary>
    public RequestCounts Counts { get; } = new();

    /// <summary>Begins to listen; returns why it can't.</summary>
    public ListenFailure? Start()
    {
        var listener = new Socket(options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(options.Listen);
            listener.Listen(Backlog);
        }
        catch (SocketException e)
        {
            listener.Dispose();
            return new ListenFailure(options.Listen, e.SocketErrorCode);
        }

        _listener = listener;
        _accepting = AcceptAsync(listener);
        _look = node.Time.CreateTimer(_ => Look(), null, LookInterval, LookInterval);
        return null;
    }

    /// <summary>Takes no more clients, answers what is under way as far as it is there, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        _look?.Dispose();
        _listener?.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Values);
        _stop.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync(_stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The client was gone before it was taken, or there are no descriptors: the next one may be better off.
                await Task.Delay(TimeSpan.FromMilliseconds(10), node.Time, CancellationToken.None);
                continue;
            }

            if (_connections.Count >= options.Connections)
            {
                options.OnClosed(client.RemoteEndPoint, $"{options.Connections} clients are connected, as many as Broker:Connections allows.");
                client.Dispose();
                continue;
            }

            Serve(client);
        }
    }

    private void Serve(Socket client)
    {
        try
        {
            client.NoDelay = true;
            var connection = new Connection(client, node, options, Counts);
            var done = new TaskCompletionSource();
            _connections[connection] = done.Task;
            _ = Task.Run(async () =>
            {
                try
                {
                    await connection.RunAsync(_stop.Token);
                }
                catch (Exception e)
                {
                    options.OnFailure(e);
                }
                finally
                {
                    _ = _connections.TryRemove(connection, out _);
                    connection.Dispose();
                    done.SetResult();
                }
            });
        }
        catch (SocketException)
        {
            client.Dispose(); // gone already
        }
    }

    private void Look()
    {
        foreach (var connection in _connections.Keys)
            connection.CloseIfStill();
    }
}
