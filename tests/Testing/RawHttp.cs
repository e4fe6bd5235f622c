using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Groundwork.Testing;

/// <summary>Requests byte by byte, past what a client would make of them.</summary>
public static class RawHttp
{
    /// <summary>Sends what there is, and reads to the end.</summary>
    /// <param name="to">A TCP address or a Unix socket.</param>
    /// <param name="request">A request that asks for the connection to be closed, or whatever a test calls one.</param>
    /// <param name="hangsUp">Whether it then says that no more will come: what a server waits for where the request is cut off, and
    /// by which it stops working on one that is whole.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer, a character a byte; as much of it as there was before the server hung up, as it may.</returns>
    public static async Task<string> SendAsync(EndPoint to, ReadOnlyMemory<byte> request, bool hangsUp, CancellationToken cancellationToken)
    {
        using var socket = to.AddressFamily == AddressFamily.Unix
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(to, cancellationToken);
        var answer = new MemoryStream();
        var buffer = new byte[16 << 10];
        try
        {
            await socket.SendAsync(request, cancellationToken);
            if (hangsUp)
                socket.Shutdown(SocketShutdown.Send);
            while (await socket.ReceiveAsync(buffer, cancellationToken) is var length and > 0)
                answer.Write(buffer, 0, length);
        }
        catch (SocketException)
        {
            // It was refused before it was read to its end.
        }

        return Encoding.Latin1.GetString(answer.GetBuffer(), 0, (int)answer.Length);
    }

    /// <summary>The status of an answer; null where the server just closed.</summary>
    public static int? StatusOf(string answer)
    {
        answer = Final(answer);
        return answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) && int.TryParse(answer.AsSpan(9, 3), out var status) ? status : null;
    }

    /// <summary>What stands behind the headers of an answer whose body came in one piece.</summary>
    public static string BodyOf(string answer)
    {
        answer = Final(answer);
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < 0 ? "" : answer[(end + 4)..];
    }

    /// <summary>Whether an answer that says its length has that length.</summary>
    public static bool IsWhole(string answer) =>
        Regex.Match(Final(answer), "\r\nContent-Length: ([0-9]+)\r\n") is { Success: true } length
        && BodyOf(answer).Length == int.Parse(length.Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    // Behind a word in between that more may be sent.
    private static string Final(string answer) => answer.StartsWith("HTTP/1.1 100 ", StringComparison.Ordinal)
        ? answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]
        : answer;
}
