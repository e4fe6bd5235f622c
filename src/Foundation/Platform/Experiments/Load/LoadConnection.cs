using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Groundwork.Platform.Experiments.Load;

/// <summary>
/// A connection with at most one request under way. A socket by descent, so that what a poll finds is the connection itself. Not for concurrent use.
/// </summary>
internal sealed class LoadConnection : Socket
{
    // Beyond the headers of any answer; bodies pass through it piece by piece.
    private const int BufferBytes = 32 << 10;

    private static readonly byte[] HeadersEnd = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] ChunksEnd = "\r\n0\r\n\r\n"u8.ToArray();

    private readonly byte[] _request = new byte[HttpLoad.LongestRequest];
    private readonly byte[] _answer = new byte[BufferBytes];
    private int _filled;
    private long _bodyLeft;
    private bool _inBody;
    private bool _isChunked;

    private LoadConnection(AddressFamily family)
        : base(family, SocketType.Stream, ProtocolType.Tcp)
    {
    }

    /// <summary>From when on the request under way is timed.</summary>
    public long Since { get; private set; }

    public static LoadConnection Open(Uri address)
    {
        var at = new IPEndPoint(IPAddress.Parse(address.Host.Trim('[', ']')), address.Port);
        var connection = new LoadConnection(at.AddressFamily) { NoDelay = true };
        try
        {
            connection.Connect(at);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Sends the next request.</summary>
    public void SendRequest(RequestWriter next, long since)
    {
        Since = since;
        (_filled, _bodyLeft, _inBody, _isChunked) = (0, 0, false, false);
        for (var left = _request.AsSpan(0, next(_request)); left.Length > 0;)
            left = left[Send(left)..];
    }

    /// <summary>Reads what there is of the answer.</summary>
    /// <returns>Whether that was its end.</returns>
    /// <exception cref="InvalidOperationException">It has another status, or the connection broke off.</exception>
    public bool ReceiveAnswer(int status)
    {
        var received = Receive(_answer.AsSpan(_filled), SocketFlags.None, out var error);
        if (received == 0 || error != SocketError.Success)
            throw new InvalidOperationException($"The server closed a connection instead of answering ({error}).");
        _filled += received;
        if (_inBody)
            return BodyEnds();

        var end = _answer.AsSpan(0, _filled).IndexOf(HeadersEnd);
        if (end < 0)
            return _filled < BufferBytes ? false : throw new InvalidOperationException("The headers of an answer do not end.");
        ReadHeaders(_answer.AsSpan(0, end), status);
        _inBody = true;

        // Of a chunked body all is kept that its end may begin with.
        var bodyAt = end + (_isChunked ? HeadersEnd.Length - 2 : HeadersEnd.Length);
        _answer.AsSpan(bodyAt, _filled - bodyAt).CopyTo(_answer);
        _filled -= bodyAt;
        return BodyEnds();
    }

    private bool BodyEnds()
    {
        if (!_isChunked)
        {
            _bodyLeft -= _filled;
            _filled = 0;
            return _bodyLeft <= 0;
        }

        // Nothing comes after the answer, since there is only one request under way: the last bytes decide.
        if (_answer.AsSpan(0, _filled).EndsWith(ChunksEnd))
            return true;
        var kept = Math.Min(_filled, ChunksEnd.Length - 1);
        _answer.AsSpan(_filled - kept, kept).CopyTo(_answer);
        _filled = kept;
        return false;
    }

    private void ReadHeaders(ReadOnlySpan<byte> headers, int status)
    {
        // "HTTP/1.1 302 …"
        if (headers.Length < 12 || !Utf8Parser.TryParse(headers[9..12], out int answered, out _) || answered != status)
            throw new InvalidOperationException($"An answer was to have the status {status}, and was: {Encoding.Latin1.GetString(headers)}");

        while (headers.IndexOf((byte)'\n') is var lineEnd and >= 0)
        {
            headers = headers[(lineEnd + 1)..];
            if (Starts(headers, "content-length: "u8) && Utf8Parser.TryParse(headers["content-length: "u8.Length..], out long length, out _))
                _bodyLeft = length;
            else if (Starts(headers, "transfer-encoding: chunked"u8))
                _isChunked = true;
        }
    }

    private static bool Starts(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length >= name.Length && (line[0] | 0x20) == name[0] && Ascii.EqualsIgnoreCase(line[..name.Length], name);
}
