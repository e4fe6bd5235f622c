using Microsoft.AspNetCore.Http;

namespace Groundwork.Links.Clicks;

/// <summary>
/// Takes note of followed links on the requests' threads, and never makes one wait: what nobody has fetched when the buffer is
/// full is dropped, the oldest first, and counted.
/// </summary>
/// <remarks>
/// <para>Whoever reads comes by now and then; a waiting reader would have to be woken up by each request.</para>
/// <para>A ring behind a lock, held for one click by who records and for a batch by who reads. A channel takes a lock for each click at both
/// ends, and beside it costs twice as much. Safe for any number of threads that record, and one at a time that reads.</para>
/// </remarks>
internal sealed class ClickRecorder
{
    /// <summary>How many clicks wait at most, beside those of the batch that is being read.</summary>
    public const int Capacity = 1 << 16;

    private const int Batch = 1 << 8;

    // Enough to understand them; without a bound, few clicks with long headers would fill the memory.
    private const int MaxAgent = 512;
    private const int MaxReferrer = 256;
    private const int MaxLanguage = 64;

    private readonly Lock _gate = new();
    private readonly Click[] _batch = new Click[Batch];

    // A power of two, so that places are found without a division.
    private Click[] _ring = new Click[Batch];
    private int _first;
    private int _count;
    private long _dropped;
    private int _read;
    private int _fetched;

    /// <summary>How many clicks were dropped since the start.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Takes note of a link that was just followed.</summary>
    public void Record(HttpContext http, long number, DateTimeOffset now)
    {
        var request = http.Request;
        var headers = request.Headers;
        Add(new Click(
            number, now.ToUnixTimeSeconds(), KindOf(request), http.Connection.RemoteIpAddress,
            Cut(headers.UserAgent, MaxAgent), Cut(headers.Referer, MaxReferrer), Cut(headers.AcceptLanguage, MaxLanguage)));
    }

    /// <summary>The next click that waits.</summary>
    public bool TryRead(out Click click)
    {
        if (_read == _fetched)
            Fetch();
        if (_read == _fetched)
        {
            click = default;
            return false;
        }

        click = _batch[_read++];
        return true;
    }

    private void Add(in Click click)
    {
        lock (_gate)
        {
            if (_count == _ring.Length)
                MakeRoom();
            _ring[(_first + _count) & (_ring.Length - 1)] = click;
            _count++;
        }
    }

    private void MakeRoom()
    {
        if (_count == Capacity)
        {
            _first = (_first + 1) & (_ring.Length - 1);
            _count--;
            _dropped++;
            return;
        }

        var ring = new Click[_ring.Length * 2];
        Copy(ring, _count);
        (_ring, _first) = (ring, 0);
    }

    // Nothing of a request is held on to once it was read.
    private void Fetch()
    {
        Array.Clear(_batch, 0, _fetched);
        lock (_gate)
        {
            (_read, _fetched) = (0, Math.Min(_count, Batch));
            Copy(_batch, _fetched);
            for (var i = 0; i < _fetched; i++)
                _ring[(_first + i) & (_ring.Length - 1)] = default;
            _first = (_first + _fetched) & (_ring.Length - 1);
            _count -= _fetched;
        }
    }

    private void Copy(Click[] destination, int count)
    {
        var untilEnd = Math.Min(count, _ring.Length - _first);
        Array.Copy(_ring, _first, destination, 0, untilEnd);
        Array.Copy(_ring, 0, destination, untilEnd, count - untilEnd);
    }

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
