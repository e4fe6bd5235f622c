using System.Net.Sockets;
using System.Text;

namespace Groundwork.Links.Drills;

/// <summary>
/// Many connections that ask for the same at the same moment. Plain sockets, because a client of HTTP would spread the requests over
/// the time that it needs to send them. Not for concurrent use.
/// </summary>
internal sealed class Crowd : IDisposable
{
    private const int ConnectAtOnce = 100;
    private const int LongestAnswer = 4096;

    private readonly Uri _address;
    private readonly List<Socket> _connections = [];

    private Crowd(Uri address) => _address = address;

    /// <summary>Connects them all.</summary>
    public static async Task<Crowd> GatherAsync(Uri address, int connections, CancellationToken cancellationToken)
    {
        var crowd = new Crowd(address);
        for (var at = 0; at < connections; at += ConnectAtOnce)
        {
            await Task.WhenAll(Enumerable.Range(0, Math.Min(ConnectAtOnce, connections - at)).Select(async _ =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                lock (crowd._connections)
                    crowd._connections.Add(socket);
                await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
            }));
        }

        return crowd;
    }

    /// <summary>Each connection asks for a path several times, one request after the other sent without waiting.</summary>
    /// <returns>How many answers were 302 with this location.</returns>
    public async Task<int> FollowAsync(string path, string location, int requestsEach, CancellationToken cancellationToken)
    {
        var request = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($"GET /{path} HTTP/1.1\r\nHost: {_address.Authority}\r\n\r\n", requestsEach)));
        var answers = await Task.WhenAll(_connections.Select(async socket =>
        {
            await socket.SendAsync(request, cancellationToken);
            return await ReadAsync(socket, requestsEach, cancellationToken);
        }));
        return answers.SelectMany(a => a).Count(head =>
            head.StartsWith("HTTP/1.1 302 ", StringComparison.Ordinal) && head.Contains($"\r\nLocation: {location}\r\n", StringComparison.OrdinalIgnoreCase));
    }

    public void Dispose() => _connections.ForEach(c => c.Dispose());

    // The heads of as many answers; a redirect has no body.
    private static async Task<string[]> ReadAsync(Socket socket, int answers, CancellationToken cancellationToken)
    {
        const string End = "\r\n\r\n";
        var text = new StringBuilder();
        var buffer = new byte[LongestAnswer];
        while (true)
        {
            var heads = text.ToString().Split(End);
            if (heads.Length > answers)
                return [.. heads.Take(answers).Select(h => h + "\r\n")];
            var count = await socket.ReceiveAsync(buffer, cancellationToken);
            if (count == 0)
                return [.. heads];
            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
    }
}
