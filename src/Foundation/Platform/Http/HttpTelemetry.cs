using System.Diagnostics.Metrics;

namespace Groundwork.Platform.Http;

/// <summary>What the house adds to the server's own instruments. Safe for concurrent use.</summary>
internal sealed class HttpTelemetry : IDisposable
{
    private readonly Meter _meter = new("Groundwork.Http");
    private readonly Counter<long> _problems;

    public HttpTelemetry() =>
        _problems = _meter.CreateCounter<long>("groundwork.http.problems", "{problem}", "Problems answered, by their kind.");

    /// <summary>Counts a problem. The kinds are constants of the program, so the labels are few.</summary>
    public void Answered(Problem kind) => _problems.Add(1, new KeyValuePair<string, object?>("problem.type", kind.Type));

    public void Dispose() => _meter.Dispose();
}
