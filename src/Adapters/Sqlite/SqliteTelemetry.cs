using System.Diagnostics.Metrics;

namespace Groundwork.Sqlite;

/// <summary>What one database reports of itself. The queue is observed; batches and commits are recorded by the writer.</summary>
internal sealed class SqliteTelemetry : IDisposable
{
    /// <summary>The meter's name, the same for every engine of the port.</summary>
    public const string MeterName = "Groundwork.Database";

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _commitSeconds;
    private readonly KeyValuePair<string, object?> _schema;

    public SqliteTelemetry(string schema, Func<int> queueLength)
    {
        _schema = new("schema", schema);
        _batchSize = _meter.CreateHistogram<int>(
            "groundwork.database.batch.size", "{command}", "Commands that shared one transaction.");
        _commitSeconds = _meter.CreateHistogram<double>(
            "groundwork.database.commit.duration", "s", "Time from a batch's first command to the end of its commit.");
        _meter.CreateObservableGauge(
            "groundwork.database.queue.length", () => new Measurement<int>(queueLength(), _schema), "{command}", "Commands that wait for a batch.");
    }

    /// <summary>A batch was committed.</summary>
    public void Committed(int commands, TimeSpan duration)
    {
        _batchSize.Record(commands, _schema);
        _commitSeconds.Record(duration.TotalSeconds, _schema);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
