using System.Threading.Channels;
using Groundwork.Primitives;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Links.Clicks;

/// <summary>
/// Takes note of followed links on the requests' threads, and never makes one wait: what nobody has fetched when the buffer is
/// full is dropped, the oldest first, and counted. Safe for concurrent use.
/// </summary>
/// <remarks>Whoever reads comes by now and then; a waiting reader would have to be woken up by each request.</remarks>
internal sealed class ClickRecorder
{
    /// <summary>How many clicks wait at most.</summary>
    public const int Capacity = 1 << 16;

    // Enough to understand them; without a bound, few clicks with long headers would fill the memory.
    private const int MaxAgent = 512;
    private const int MaxReferrer = 256;
    private const int MaxLanguage = 64;

    private readonly Channel<Click> _buffer;
    private readonly StripedCounter _dropped = new();

    public ClickRecorder()
    {
        _buffer = Channel.CreateBounded<Click>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => _dropped.Increment());
    }

    /// <summary>How many clicks were dropped since the start.</summary>
    public long Dropped => _dropped.Value;

    /// <summary>Takes note of a link that was just followed.</summary>
    public void Record(HttpContext http, long number, DateTimeOffset now)
    {
        var request = http.Request;
        var headers = request.Headers;
        _buffer.Writer.TryWrite(new Click(
            number, now.ToUnixTimeSeconds(), KindOf(request), http.Connection.RemoteIpAddress,
            Cut(headers.UserAgent, MaxAgent), Cut(headers.Referer, MaxReferrer), Cut(headers.AcceptLanguage, MaxLanguage)));
    }

    /// <summary>The next click that waits.</summary>
    public bool TryRead(out Click click) => _buffer.Reader.TryRead(out click);

    private static string? Cut(string? header, int max) => header?.Length > max ? header[..max] : header;

    private static ClickKind KindOf(HttpRequest request)
    {
        if (HttpMethods.IsHead(request.Method))
            return ClickKind.Head;
        var headers = request.Headers;
        return SaysAhead(headers["Sec-Purpose"]) || SaysAhead(headers["Purpose"]) || SaysAhead(headers["X-Purpose"]) || SaysAhead(headers["X-Moz"])
            ? ClickKind.Preview
            : ClickKind.Click;
    }

    // "prefetch", "prefetch;prerender", "preview"
    private static bool SaysAhead(string? purpose) =>
        purpose is not null && purpose.StartsWith("pre", StringComparison.OrdinalIgnoreCase);
}
