using System.Globalization;
using System.Text;

namespace Groundwork.Links.Benchmarks;

/// <summary>Creates of links to ever new addresses. For one reader at a time.</summary>
internal sealed class CreateRequests
{
    private long _next;

    /// <summary>Writes the next request.</summary>
    public int Write(Span<byte> buffer)
    {
        const string Address = "https://example.org/articles/2026/";
        var body = string.Create(CultureInfo.InvariantCulture, $"{{\"long_url\":\"{Address}{_next++}/what-it-is-about\"}}");
        return Encoding.ASCII.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"POST /v1/urls HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"),
            buffer);
    }
}
