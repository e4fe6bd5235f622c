using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Groundwork.Cache.Tests.Serving;

/// <summary>A client that sends and reads bytes as they are. What does not come within 30 s is a failure.</summary>
internal sealed class TestClient : IDisposable
{
    private readonly Socket _socket;

    public TestClient(EndPoint address, int? receiveBufferBytes = null)
    {
        var isLocal = address is UnixDomainSocketEndPoint;
        _socket = new Socket(address.AddressFamily, SocketType.Stream, isLocal ? ProtocolType.Unspecified : ProtocolType.Tcp)
        {
            ReceiveTimeout = 30_000,
            SendTimeout = 30_000,
        };
        if (receiveBufferBytes is { } bytes)
            _socket.ReceiveBufferSize = bytes;
        if (!isLocal)
            _socket.NoDelay = true;
        _socket.Connect(address);
    }

    public void Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[_socket.Send(bytes)..];
    }

    /// <summary>Sends what there is room for, and says how much that was.</summary>
    public int SendSome(ReadOnlySpan<byte> bytes)
    {
        _socket.Blocking = false;
        var sent = _socket.Send(bytes, SocketFlags.None, out _);
        _socket.Blocking = true;
        return sent;
    }

    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Reads exactly so many bytes.</summary>
    public string Read(int bytes)
    {
        var all = new byte[bytes];
        for (var at = 0; at < bytes;)
        {
            var read = _socket.Receive(all.AsSpan(at));
            if (read == 0)
                throw new EndOfStreamException($"The connection ended after {Encoding.Latin1.GetString(all, 0, Math.Min(at, 200))}");
            at += read;
        }

        return Encoding.Latin1.GetString(all);
    }

    /// <summary>Reads exactly this.</summary>
    public void Expect(string text) => Assert.Equal(text, Read(text.Length));

    /// <summary>Reads until the other side closes; a reset is an end too.</summary>
    public string ReadToEnd()
    {
        var all = new StringBuilder();
        var bytes = new byte[64 * 1024];
        try
        {
            while (_socket.Receive(bytes) is var read and > 0)
                all.Append(Encoding.Latin1.GetString(bytes, 0, read));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
        }

        return all.ToString();
    }

    public void Ask(string request, string reply)
    {
        Send(request);
        Expect(reply);
    }

    public void Dispose() => _socket.Dispose();
}
