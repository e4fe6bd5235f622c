using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Drills.Clients;

/// <summary>
/// One connection of a drill to a broker. It asks in the newest version that is served and names topics; answers come in the order of the
/// requests. Not thread-safe. A broker that is gone is an <see cref="IOException"/>.
/// </summary>
internal sealed class BrokerClient : IDisposable
{
    // Later ones ask by a topic's id.
    private const short LastFetchByName = 12;

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private int _lastId;

    private BrokerClient(Socket socket) => (_socket, _stream) = (socket, new NetworkStream(socket, ownsSocket: true));

    /// <summary>Connects.</summary>
    /// <param name="port">On loopback.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="receiveBytes">How much the system takes off the line for it; 0 leaves that to the system.</param>
    public static async Task<BrokerClient> ConnectAsync(int port, CancellationToken cancellationToken, int receiveBytes = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (receiveBytes > 0)
                socket.ReceiveBufferSize = receiveBytes;
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
            return new BrokerClient(socket);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Asks, and reads the answer.</summary>
    public async Task<TResponse> AskAsync<TResponse>(IRequest<TResponse> request, CancellationToken cancellationToken)
        where TResponse : IResponse, IReadable<TResponse>
    {
        await SendAsync(request, cancellationToken);
        return await ReceiveAsync<TResponse>(request.Api, cancellationToken);
    }

    /// <summary>Sends a request whose answer is read later.</summary>
    public async Task SendAsync(IRequest request, CancellationToken cancellationToken)
    {
        var version = Version(request.Api);
        using var writer = new ProtocolWriter();
        var frame = writer.BeginFrame();
        new RequestHeader((short)request.Api, version, ++_lastId, "drill").Write(writer, ApiCatalog.Get(request.Api).RequestHeaderVersion(version));
        request.Write(writer, version);
        writer.EndFrame(frame);
        await _stream.WriteAsync(writer.ToArray(), cancellationToken);
    }

    /// <summary>Reads the next answer, which must be to such a request.</summary>
    public async Task<TResponse> ReceiveAsync<TResponse>(ApiKey api, CancellationToken cancellationToken)
        where TResponse : IResponse, IReadable<TResponse>
    {
        var length = new byte[Framing.LengthBytes];
        await _stream.ReadExactlyAsync(length, cancellationToken);
        var bytes = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await _stream.ReadExactlyAsync(bytes, cancellationToken);
        return Parse<TResponse>(bytes, api);
    }

    /// <summary>Reads whatever still comes, until the broker has closed the connection.</summary>
    public async Task ReadToEndAsync(CancellationToken cancellationToken)
    {
        var rest = new byte[64 << 10];
        try
        {
            while (await _stream.ReadAsync(rest, cancellationToken) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset, which is closed as well.
        }
    }

    public void Dispose() => _stream.Dispose();

    private static TResponse Parse<TResponse>(byte[] bytes, ApiKey api)
        where TResponse : IResponse, IReadable<TResponse>
    {
        var reader = new ProtocolReader(bytes);
        _ = ResponseHeader.Read(ref reader, ApiCatalog.Get(api).HasFlexibleResponseHeader(Version(api)));
        return TResponse.Read(ref reader, Version(api));
    }

    private static short Version(ApiKey api) => api == ApiKey.Fetch ? LastFetchByName : ApiCatalog.Get(api).Served!.Value.To;
}
