using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Protocol;

/// <summary>
/// A client that says exactly what a test wants said: any request in any version, one after the other, or bytes that are no
/// request at all.
/// </summary>
internal sealed class WireClient : IDisposable
{
    private readonly NetworkStream _stream;
    private int _lastId;

    private WireClient(Socket socket) => _stream = new NetworkStream(socket, ownsSocket: true);

    /// <summary>The name that it gives itself.</summary>
    public string? ClientId { get; set; } = "wire";

    public static async Task<WireClient> ConnectAsync(EndPoint server, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellation);
        return new WireClient(socket);
    }

    /// <summary>Asks in the newest version that is served.</summary>
    public Task<TResponse> AskAsync<TResponse>(IRequest<TResponse> request, CancellationToken cancellation)
        where TResponse : IResponse, IReadable<TResponse> =>
        AskAsync(request, ApiCatalog.Get(request.Api).Served!.Value.To, cancellation);

    /// <summary>Asks, and reads the answer.</summary>
    public async Task<TResponse> AskAsync<TResponse>(IRequest<TResponse> request, short version, CancellationToken cancellation)
        where TResponse : IResponse, IReadable<TResponse>
    {
        var id = await SendAsync(request, version, cancellation);
        return await ReceiveAsync<TResponse>(id, request.Api, version, cancellation);
    }

    /// <summary>Sends a request, and does not wait for an answer; gives the number that the answer is going to bear.</summary>
    public async Task<int> SendAsync(IRequest request, short version, CancellationToken cancellation)
    {
        var id = ++_lastId;
        using var writer = new ProtocolWriter();
        var frame = writer.BeginFrame();
        new RequestHeader((short)request.Api, version, id, ClientId).Write(writer, ApiCatalog.Get(request.Api).RequestHeaderVersion(version));
        request.Write(writer, version);
        writer.EndFrame(frame);
        await SendRawAsync(writer.ToArray(), cancellation);
        return id;
    }

    /// <summary>Reads the answer to a request that was sent; it must be the next one to come.</summary>
    public async Task<TResponse> ReceiveAsync<TResponse>(int id, ApiKey api, short version, CancellationToken cancellation)
        where TResponse : IResponse, IReadable<TResponse>
    {
        var bytes = await ReceiveFrameAsync(cancellation) ?? throw new EndOfStreamException($"The connection was closed before the answer to {api}.");
        var reader = new ProtocolReader(bytes);
        Assert.Equal(id, ResponseHeader.Read(ref reader, ApiCatalog.Get(api).HasFlexibleResponseHeader(version)));
        var response = TResponse.Read(ref reader, version);
        reader.ExpectEnd();
        return response;
    }

    /// <summary>Sends bytes as they are.</summary>
    public Task SendRawAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => _stream.WriteAsync(bytes, cancellation).AsTask();

    /// <summary>The next message from the server, without its length; null where the server has closed the connection.</summary>
    public async Task<byte[]?> ReceiveFrameAsync(CancellationToken cancellation)
    {
        var length = new byte[4];
        try
        {
            if (await _stream.ReadAtLeastAsync(length, length.Length, throwOnEndOfStream: false, cancellation) < length.Length)
                return null;
            var bytes = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
            await _stream.ReadExactlyAsync(bytes, cancellation);
            return bytes;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _stream.Dispose();
}
