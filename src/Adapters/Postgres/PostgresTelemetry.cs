using System.Diagnostics.Metrics;

namespace Groundwork.Postgres;

/// <summary>What the adapter measures of itself, tagged with the schema. Thread-safe.</summary>
internal sealed class PostgresTelemetry : IDisposable
{
    private readonly Meter _meter = new("Groundwork.Database");
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _commitDuration;

    /// <summary>Makes the instruments.</summary>
    /// <param name="queues">The databases that are open and how many commands wait in each, asked when somebody collects.</param>
    public PostgresTelemetry(Func<IEnumerable<(string Schema, int Length)>> queues)
    {
        _batchSize = _meter.CreateHistogram<int>(
            "groundwork.database.batch.size", "{command}", "Commands that shared one transaction.");
        _commitDuration = _meter.CreateHistogram<double>(
            "groundwork.database.commit.duration", "s", "From a batch's first statement to the end of its commit.");
        _meter.CreateObservableGauge(
            "groundwork.database.queue.length",
            () => queues().Select(q => new Measurement<int>(q.Length, Tag(q.Schema))),
            "{command}",
            "Commands that wait for a batch.");
    }

    /// <summary>One batch was committed.</summary>
    public void Committed(string schema, int commands, TimeSpan duration)
    {
        _batchSize.Record(commands, Tag(schema));
        _commitDuration.Record(duration.TotalSeconds, Tag(schema));
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Tag(string schema) => new("schema", schema);
}
