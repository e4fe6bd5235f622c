using System.Diagnostics.Metrics;
using Groundwork.Primitives;

namespace Groundwork.Platform.Http;

/// <summary>What the house adds to the server's own instruments, and the one that it has in their place. Safe for concurrent use.</summary>
internal sealed class HttpTelemetry : IDisposable
{
    /// <summary>How many requests are under way.</summary>
    /// <remarks>By the name of the server's own, which is not kept: it looks a series up twice for every request, by method and scheme,
    /// and that costs a twentieth of all that is done for one that is answered from memory.</remarks>
    public const string ActiveRequests = "http.server.active_requests";

    private readonly Meter _meter = new("Groundwork.Http");
    private readonly Counter<long> _problems;
    private readonly StripedCounter _begun = new();
    private readonly StripedCounter _ended = new();

    public HttpTelemetry()
    {
        _problems = _meter.CreateCounter<long>("groundwork.http.problems", "{problem}", "Problems answered, by their kind.");
        _meter.CreateObservableUpDownCounter(
            ActiveRequests, UnderWay, "{request}", "Number of active HTTP server requests.");
    }

    /// <summary>A request has begun.</summary>
    public void Began() => _begun.Increment();

    /// <summary>A request that had begun has ended, however.</summary>
    public void Ended() => _ended.Increment();

    /// <summary>Counts a problem. The kinds are constants of the program, so the labels are few.</summary>
    public void Answered(Problem kind) => _problems.Add(1, new KeyValuePair<string, object?>("problem.type", kind.Type));

    public void Dispose() => _meter.Dispose();

    // Those that ended are read first: whatever happens in between, none has ended that had not begun.
    private long UnderWay()
    {
        var ended = _ended.Value;
        return _begun.Value - ended;
    }
}
