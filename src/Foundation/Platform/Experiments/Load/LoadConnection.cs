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
    private static readonly byte[] LineEnd = "\r\n"u8.ToArray();

    private readonly byte[] _request = new byte[HttpLoad.LongestRequest];
    private readonly byte[] _answer = new byte[BufferBytes];
    private int _filled;
    private long _bodyLeft;
    private bool _inBody;
    private bool _isChunked;
    private bool _isLastChunk;

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
        (_filled, _bodyLeft, _inBody, _isChunked, _isLastChunk) = (0, 0, false, false, false);
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

        var bodyAt = end + HeadersEnd.Length;
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

        // Chunk by chunk (RFC 9112, 7.1): what looks like the end may be a chunk's content, and arrive alone.
        var at = 0;
        while (true)
        {
            var passed = (int)Math.Min(_bodyLeft, _filled - at);
            at += passed;
            _bodyLeft -= passed;
            var line = _answer.AsSpan(at, _filled - at);
            var lineEnd = _bodyLeft > 0 ? -1 : line.IndexOf(LineEnd);
            if (lineEnd < 0)
                break;
            at += lineEnd + LineEnd.Length;
            if (_isLastChunk && lineEnd == 0)
                return true;
            if (_isLastChunk)
                continue; // a trailer
            if (!Utf8Parser.TryParse(line[..lineEnd], out long size, out _, 'x'))
                throw new InvalidOperationException("A chunk of an answer does not say how long it is.");
            _isLastChunk = size == 0;
            _bodyLeft = size == 0 ? 0 : size + LineEnd.Length;
        }

        _answer.AsSpan(at, _filled - at).CopyTo(_answer);
        _filled -= at;
        return _filled < BufferBytes ? false : throw new InvalidOperationException("A chunk's size in an answer does not end.");
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
