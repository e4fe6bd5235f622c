using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Protocol;

public sealed class WireClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_reach_a_server_and_answers_the_client_over_a_socket()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener);
        using var client = await WireClient.ConnectAsync(listener.LocalEndpoint, Cancellation);

        var old = await client.AskAsync(new ApiVersionsRequest(), 0, Cancellation);
        var flexible = await client.AskAsync(new ApiVersionsRequest { ClientSoftwareName = "wire", ClientSoftwareVersion = "1" }, Cancellation);
        await client.SendRawAsync(new byte[4], Cancellation);

        Assert.Equal(old.ApiKeys.Count, flexible.ApiKeys.Count);
        Assert.Null(await client.ReceiveFrameAsync(Cancellation));
        Assert.Equal(["0 wire ", "4 wire wire"], await serving);
    }

    // A server as small as can be: it answers ApiVersions until an empty message comes.
    private static async Task<List<string>> ServeAsync(TcpListener listener)
    {
        using var socket = await listener.AcceptSocketAsync(Cancellation);
        await using var stream = new NetworkStream(socket);
        var seen = new List<string>();
        using var writer = new ProtocolWriter();
        var length = new byte[4];
        while (true)
        {
            await stream.ReadExactlyAsync(length, Cancellation);
            var bytes = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
            if (bytes.Length == 0)
                return seen;
            await stream.ReadExactlyAsync(bytes, Cancellation);
            seen.Add(Answer(bytes, writer));
            await socket.SendAsync(writer.Segments, SocketFlags.None);
            writer.Clear();
        }
    }

    private static string Answer(byte[] bytes, ProtocolWriter writer)
    {
        var reader = new ProtocolReader(bytes);
        var header = RequestHeader.ReadStart(ref reader);
        Assert.Equal(RequestVerdict.Serve, RequestGate.Decide(header, out var api));
        header = header.ReadRest(ref reader, api!.RequestHeaderVersion(header.ApiVersion));
        var request = (ApiVersionsRequest)ApiMessages.ReadRequest(api.Key, ref reader, header.ApiVersion);
        reader.ExpectEnd();

        var frame = writer.BeginFrame();
        ResponseHeader.Write(writer, header.CorrelationId, api.HasFlexibleResponseHeader(header.ApiVersion));
        RequestGate.Versions(ErrorCode.None).Write(writer, header.ApiVersion);
        writer.EndFrame(frame);
        return $"{header.ApiVersion} {header.ClientId} {request.ClientSoftwareName}";
    }
}
