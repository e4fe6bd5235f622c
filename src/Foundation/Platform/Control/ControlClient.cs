using System.Net.Http.Json;
using System.Net.Sockets;
using Groundwork.Platform.Folders;
using Groundwork.Platform.Http;

namespace Groundwork.Platform.Control;

/// <summary>Talks to the instance that runs on a data folder, through its control socket. Every wait is bounded.</summary>
public static class ControlClient
{
    /// <summary>How long an instance may take to accept a connection, and then to say how it is.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How the instance on a folder is.</summary>
    /// <returns>Null where none listens on the control socket: there is no socket, or one that a crash left behind.</returns>
    /// <exception cref="ControlException">One listens and doesn't answer in time, or is not for this user.</exception>
    public static async Task<ControlStatus?> StatusAsync(string folder, CancellationToken cancellationToken)
    {
        if (!DataFolder.HasRoomForSocket(folder))
            return null;

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var client = For(folder);
            return await client.GetFromJsonAsync<ControlStatus>("status", HttpJson.Options, limit.Token)
                ?? throw new ControlException("The running instance does not say how it is.");
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: var code })
        {
            return code switch
            {
                SocketError.AccessDenied => throw new ControlException(
                    $"The control socket of {Path.GetFullPath(folder)} is another user's. Run this as the user that runs Groundwork.", e),
                _ => null,
            };
        }
        catch (HttpRequestException e)
        {
            throw new ControlException($"{Holder(folder)} does not answer properly on its control socket: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ControlException(
                $"{Holder(folder)} does not answer within {Patience.TotalSeconds:0} s. If it stays so, end it with `kill -9` (what it acknowledged is safe) and start it again.", e);
        }
    }

    /// <summary>An HTTP client whose every request goes through the control socket. Connecting is bounded; a request isn't,
    /// since a backup takes its time.</summary>
    public static HttpClient For(string folder) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) => await ConnectAsync(folder, cancellationToken),
        ConnectTimeout = Patience,
        UseProxy = false,
    })
    {
        BaseAddress = new Uri("http://control/"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private static string Holder(string folder) => DataFolder.Holder(folder) is { } process
        ? $"The instance on {Path.GetFullPath(folder)} (process {process})"
        : $"The instance on {Path.GetFullPath(folder)}";

    private static async Task<Stream> ConnectAsync(string folder, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(DataFolder.SocketPath(folder)), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
