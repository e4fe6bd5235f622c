using Groundwork.Broker.Logs;
using Groundwork.Broker.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Broker.Tests.Logs;

/// <summary>Some logs on a disk, opened and closed as a broker does it.</summary>
internal sealed class LogFolder(IDisk disk, int logs = 1) : IAsyncDisposable
{
    private LogStore? _store;

    /// <summary>What the broker said of damage and failures.</summary>
    public List<string> Reports { get; } = [];

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(1_000_000));

    public LogSettings Settings { get; init; } = new() { SegmentBytes = 4096, IndexIntervalBytes = 512, RetentionMs = -1, TimestampAfterMaxMs = long.MaxValue };

    public long JournalBytes { get; init; } = 64 << 10;

    public LogStore Store => _store ??= LogStore.Open(
        disk,
        Enumerable.Range(1, logs).Select(i => new LogPlace((ulong)i, $"log{i}", $"log-{i}", Settings)),
        new LogStoreOptions { JournalBytes = JournalBytes, Report = (place, reason) => { lock (Reports) Reports.Add($"{place.Name}: {reason}"); } },
        Time);

    /// <summary>The log of a number, from 1 on.</summary>
    public PartitionLog Log(int number = 1) => Store.Logs.Single(log => log.Place.Id == (ulong)number);

    /// <summary>Appends, and waits until it is durable; returns the offset.</summary>
    public async Task<long> AppendAsync(byte[] batch, int number = 1)
    {
        var result = Log(number).Append(batch);
        Assert.Null(result.Fault);
        if (result.Round is { } round)
            await round.Durable;
        return result.BaseOffset;
    }

    /// <summary>Everything that can be read, from an offset on.</summary>
    public List<(long Offset, string Value)> ReadAll(int number = 1, long? from = null, int maxBytes = 1000)
    {
        var log = Log(number);
        var values = new List<(long Offset, string Value)>();
        for (var offset = from ?? log.StartOffset; offset < log.HighWatermark;)
        {
            var read = log.Read(offset, maxBytes, oversizeFirst: true);
            Assert.True(read.Fault is null, read.Fault?.Message);
            if (read.Data is null)
                break;
            using (read.Data)
                values.AddRange(TestBatches.Read(read.Data.Batches).Where(value => value.Offset >= offset));
            offset = values[^1].Offset + 1;
        }

        return values;
    }

    /// <summary>Closes it as a broker that ends.</summary>
    public async Task CloseAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        _store = null;
    }

    public async ValueTask DisposeAsync() => await CloseAsync();
}
