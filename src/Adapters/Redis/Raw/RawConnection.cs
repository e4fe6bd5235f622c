using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Groundwork.Ports.Caching;

namespace Groundwork.Redis.Raw;

/// <summary>
/// A connection past the driver, over RESP3: connected, let in, and its owner's to read and write.
/// </summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly RedisAddress _address;

    private RawConnection(Stream stream, RedisAddress address)
    {
        (_stream, _address) = (stream, address);
        Values = new RespStream(stream);
    }

    /// <summary>What the server sends.</summary>
    public RespStream Values { get; }

    /// <summary>Connects and enters.</summary>
    /// <param name="server">Where.</param>
    /// <param name="address">As whom, and how.</param>
    /// <param name="name">What the server is told that the connection is for.</param>
    /// <param name="time">Whose time <see cref="RedisAddress.ConnectTimeout"/> is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CacheException">The server does not let us in; others where it cannot be reached.</exception>
    public static async Task<RawConnection> OpenAsync(
        EndPoint server, RedisAddress address, string name, TimeProvider time, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(address.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var connection = new RawConnection(await ConnectAsync(server, address, either.Token), address);
        try
        {
            string[] entry = address.Password is { } password ? ["AUTH", address.User, password] : [];
            await connection.CommandAsync(["HELLO", "3", .. entry, "SETNAME", name], either.Token);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a command and passes over its answer.</summary>
    /// <exception cref="CacheException">It is refused.</exception>
    public async Task CommandAsync(string[] words, CancellationToken cancellationToken)
    {
        var text = new StringBuilder($"*{words.Length}\r\n");
        foreach (var word in words)
            text.Append($"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        await SendAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);

        var head = await Values.ReadHeadAsync(cancellationToken);
        if (head.Kind == '-')
            throw RedisFailures.Refused(Values.Text, _address);
        await Values.SkipAsync(head, cancellationToken);
    }

    /// <summary>Sends bytes as they are.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => _stream.WriteAsync(bytes, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static async Task<Stream> ConnectAsync(EndPoint server, RedisAddress address, CancellationToken cancellationToken)
    {
        var socket = server is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(server, cancellationToken);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (address.Tls(server) is { } tls)
            {
                var encrypted = new SslStream(stream);
                stream = encrypted;
                await encrypted.AuthenticateAsClientAsync(tls, cancellationToken);
            }

            return stream;
        }
        catch (Exception e)
        {
            if (stream is not null)
                await stream.DisposeAsync();
            socket.Dispose();
            if (e is AuthenticationException tls)
                throw RedisFailures.NoTls(tls, address);
            throw;
        }
    }
}
