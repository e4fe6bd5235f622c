using System.Text;

namespace Groundwork.Links.Benchmarks;

/// <summary>
/// A row of redirects to be asked for, prepared before the measurement, in turn and over again. As browsers ask: with a
/// User-Agent, a Referer and an Accept-Language, all of which are counted. For one reader at a time.
/// </summary>
internal sealed class RedirectRequests
{
    private const string Headers = " HTTP/1.1\r\nHost: localhost\r\n"
        + "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\nAccept: text/html\r\n"
        + "Accept-Language: en-GB,en;q=0.7\r\nReferer: https://www.example.net/\r\n\r\n";

    private static readonly byte[] Template = Encoding.ASCII.GetBytes("GET /" + new string('0', CodeSpace.ShortLength) + Headers);

    private readonly byte[] _codes;
    private int _next;

    /// <param name="length">How many until it begins again.</param>
    /// <param name="code">The n-th one's code, of <see cref="CodeSpace.ShortLength"/> characters.</param>
    public RedirectRequests(int length, Func<int, string> code)
    {
        _codes = new byte[length * CodeSpace.ShortLength];
        for (var n = 0; n < length; n++)
            Encoding.ASCII.GetBytes(code(n), _codes.AsSpan(n * CodeSpace.ShortLength, CodeSpace.ShortLength));
    }

    /// <summary>Writes the next request.</summary>
    public int Write(Span<byte> buffer)
    {
        Template.CopyTo(buffer);
        _codes.AsSpan(_next, CodeSpace.ShortLength).CopyTo(buffer["GET /".Length..]);
        _next = _next + CodeSpace.ShortLength == _codes.Length ? 0 : _next + CodeSpace.ShortLength;
        return Template.Length;
    }
}
