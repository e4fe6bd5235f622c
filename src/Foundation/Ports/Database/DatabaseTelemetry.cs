using System.Diagnostics.Metrics;

namespace Groundwork.Ports.Database;

/// <summary>What every engine of the port measures of itself, tagged with the schema. Safe for concurrent use.</summary>
public sealed class DatabaseTelemetry : IDisposable
{
    /// <summary>The name of the meter, and of the source of spans (<see cref="DatabaseSpans"/>).</summary>
    public const string MeterName = "Groundwork.Database";

    // From a batch of one to the largest, and from a commit in memory to one that a stuck disk holds up.
    private static readonly InstrumentAdvice<int> Sizes = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000] };

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    };

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _commitDuration;

    /// <summary>Makes the instruments.</summary>
    /// <param name="queues">The databases that are open and how many commands wait in each, asked when somebody collects.</param>
    public DatabaseTelemetry(Func<IEnumerable<(string Schema, int Length)>> queues)
    {
        _batchSize = _meter.CreateHistogram(
            "groundwork.database.batch.size", "{command}", "Commands that shared one transaction.", advice: Sizes);
        _commitDuration = _meter.CreateHistogram(
            "groundwork.database.commit.duration", "s", "From a batch's first statement to the end of its commit.", advice: Seconds);
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
