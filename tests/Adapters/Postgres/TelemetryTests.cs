using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using static Groundwork.Postgres.Tests.Notes;

namespace Groundwork.Postgres.Tests;

public sealed class TelemetryTests(TestServer postgres)
{
    [Fact]
    public async Task Batches_commits_and_queues_are_measured_by_schema()
    {
        var token = TestContext.Current.CancellationToken;
        var schema = Schema with { Name = "measured" };
        var seen = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "Groundwork.Database")
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Note(i, value, tags));
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Note(i, value, tags));
        listener.Start();

        await using var server = Server(await postgres.CreateDatabaseAsync(token));
        await (await server.OpenAsync(schema, token)).WriteAsync(Adding(1), token);
        listener.RecordObservableInstruments();

        Assert.Equal(1, seen["groundwork.database.batch.size"]);
        Assert.Equal(0, seen["groundwork.database.queue.length"]);
        Assert.True(seen["groundwork.database.commit.duration"] > 0);

        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.Contains(new("schema", schema.Name)))
                seen[instrument.Name] = value;
        }
    }
}
