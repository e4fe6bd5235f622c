using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Groundwork.Broker.Node;
using Groundwork.Broker.Operations;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Serving;

/// <summary>
/// One client. Requests are done one after the other and answered in their order, as Kafka does it; only those that
/// <see cref="Operation.Overlaps">overlap</see> begin before the one before them is answered, so that a producer's next batches wait
/// for the same sync. Any other begins when the answer before it was taken, so that a client that takes none holds the memory of one.
/// </summary>
internal sealed class Connection(Socket socket, BrokerNode node, ServerOptions options, RequestCounts counts) : IDisposable
{
    private readonly IPEndPoint _local = (IPEndPoint)socket.LocalEndPoint!;
    private readonly IPEndPoint _remote = (IPEndPoint)socket.RemoteEndPoint!;
    private readonly CancellationTokenSource _gone = new();
    private readonly FrameReader _frames = new(socket, node.Memory, options.MaxRequestBytes, node.Time);
    private readonly Channel<Answer> _answers = Channel.CreateBounded<Answer>(
        new BoundedChannelOptions(options.Pipelined) { SingleReader = true, SingleWriter = true });

    private long _since = node.Time.GetTimestamp();
    private bool _isClosed;
    private int _underWay;
    private int _turns; // odd while the next request waits for the one before it, and nobody reads
    private volatile bool _isSending;

    /// <summary>Serves it until one side ends it.</summary>
    public async Task RunAsync(CancellationToken stopped)
    {
        await using var stops = stopped.Register(_gone.Cancel);
        var sending = SendAllAsync();
        try
        {
            await ReceiveAllAsync();
        }
        catch (ProtocolException e)
        {
            options.OnClosed(_remote, e.Message);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side has ended it.
        }
        finally
        {
            // Who is gone waits for nothing: a long poll ends now, and not when its time is over.
            await _gone.CancelAsync();
            _answers.Writer.Complete();
            await sending;
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        _frames.Dispose();
        _gone.Dispose();
    }

    /// <summary>Ends it where it has stalled or was idle for too long.</summary>
    public void CloseIfStill()
    {
        var still = node.Time.GetElapsedTime(Interlocked.Read(ref _since));
        if (_isSending && still > options.Stall)
            Close("It takes no answers.");
        else if (_frames.Age is { } age && age > options.Stall)
            Close("A request began, and its end did not come.");
        else if ((Volatile.Read(ref _underWay) == 0 && still > options.Idle) || HasGoneUnread())
            Close(null);
    }

    // Where nobody reads, nobody notices that the client has gone: the request before may wait for days.
    private bool HasGoneUnread()
    {
        var turn = Volatile.Read(ref _turns);
        try
        {
            return turn % 2 != 0 && socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0 && turn == Volatile.Read(ref _turns);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    /// <summary>Ends it at once.</summary>
    public void Close(string? reason)
    {
        if (Interlocked.Exchange(ref _isClosed, true))
            return;
        if (reason is not null)
            options.OnClosed(_remote, reason);
        try
        {
            _gone.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    private async Task ReceiveAllAsync()
    {
        Operation? before = null;
        var last = Task.CompletedTask;
        while (await _frames.ReadAsync(_gone.Token) is { } frame)
        {
            Touch();
            var isTaken = false;
            try
            {
                var (answer, operation, request) = Begin(frame);
                if (!(operation?.Overlaps == true && operation == before))
                {
                    Interlocked.Increment(ref _turns);
                    await last.WaitAsync(_gone.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    Interlocked.Increment(ref _turns);
                }

                if (operation?.Overlaps == true)
                    await node.Logs.Committer.RoomAsync(_gone.Token);
                _gone.Token.ThrowIfCancellationRequested();
                Interlocked.Increment(ref _underWay);
                if (operation is not null)
                    answer = answer with { Response = operation.RunAsync(request!, answer.Call).AsTask() };
                if (operation?.Overlaps != true)
                    answer = answer with { Sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) };
                isTaken = true;
                (before, last) = (operation, answer.Sent?.Task ?? answer.Response);
                await _answers.Writer.WriteAsync(answer, CancellationToken.None);
            }
            finally
            {
                if (!isTaken)
                    frame.Dispose();
            }
        }
    }

    // Reads a request; where it is not to be run, its answer is there already.
    private (Answer Answer, Operation? Operation, IRequest? Request) Begin(Frame frame)
    {
        var reader = new ProtocolReader(frame.Bytes);
        var header = RequestHeader.ReadStart(ref reader);
        switch (RequestGate.Decide(header, out var api))
        {
            case RequestVerdict.AnswerVersions:
                var versions = Task.FromResult<IResponse?>(RequestGate.Versions(ErrorCode.UnsupportedVersion));
                return (new Answer(new Call(node, header with { ApiVersion = 0 }, _local, _remote, _gone.Token), api!, versions, frame), null, null);
            case RequestVerdict.Serve when OperationTable.Find(api!.Key) is { } operation:
                header = header.ReadRest(ref reader, api.RequestHeaderVersion(header.ApiVersion));
                var request = operation.Read(ref reader, header.ApiVersion);
                counts.Came(api.Key, frame.Bytes.Length);
                return (new Answer(new Call(node, header, _local, _remote, _gone.Token), api, NotBegun, frame), operation, request);
            default:
                throw new ProtocolException($"{RequestGate.Reason(header)}.");
        }
    }

    private async Task SendAllAsync()
    {
        using var writer = new ProtocolWriter();
        var ready = new List<Answer>();
        while (await _answers.Reader.WaitToReadAsync(CancellationToken.None))
        {
            try
            {
                await TakeReadyAsync(ready, writer);
                await SendAsync(writer);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                await _gone.CancelAsync();
            }
            catch (Exception e)
            {
                // A fault of ours: the client learns no more than that, the operator all of it.
                options.OnFailure(e);
                await _gone.CancelAsync();
            }

            writer.Clear();
            _isSending = false;
            Interlocked.Add(ref _underWay, -ready.Count);
            Touch();
            foreach (var answer in ready)
            {
                answer.Call.Sent();
                Release(answer);
                answer.Sent?.SetResult();
            }

            if (ready[^1].Call.Closes)
                await _gone.CancelAsync();
            ready.Clear();
        }
    }

    // The next answer, once it is there, and those behind it that are there by then: what became durable by one sync is told by one call.
    private async Task TakeReadyAsync(List<Answer> ready, ProtocolWriter writer)
    {
        while (_answers.Reader.TryPeek(out var next) && (ready.Count == 0 || (next.Response.IsCompleted && !ready[^1].Call.Closes)))
        {
            _ = _answers.Reader.TryRead(out _);
            ready.Add(next);
            if (await next.Response is { } response)
                Write(next, response, writer);
        }
    }

    private async Task SendAsync(ProtocolWriter writer)
    {
        if (writer.Length == 0)
            return;
        Touch();
        _isSending = true;
        using var gone = _gone.Token.Register(socket.Dispose);
        _ = await socket.SendAsync(writer.Segments, SocketFlags.None);
    }

    private void Write(Answer answer, IResponse response, ProtocolWriter writer)
    {
        var version = answer.Call.Version;
        var begun = writer.Length;
        var frame = writer.BeginFrame();
        ResponseHeader.Write(writer, answer.Call.Header.CorrelationId, answer.Api.HasFlexibleResponseHeader(version));
        response.Write(writer, version);
        writer.EndFrame(frame);
        counts.Went(writer.Length - begun);
    }

    private void Touch() => Interlocked.Exchange(ref _since, node.Time.GetTimestamp());

    // What was appended is a view of the request, also when nobody waits for it any more.
    private static void Release(Answer answer)
    {
        if (answer.Call.Held.IsCompleted)
            answer.Frame.Dispose();
        else
            _ = answer.Call.Held.ContinueWith(_ => answer.Frame.Dispose(), TaskScheduler.Default);
    }

    private static readonly Task<IResponse?> NotBegun = Task.FromResult<IResponse?>(null);

    private sealed record Answer(Call Call, ApiInfo Api, Task<IResponse?> Response, Frame Frame)
    {
        public TaskCompletionSource? Sent { get; init; }
    }
}
