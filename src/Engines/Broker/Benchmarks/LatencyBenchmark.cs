using System.Diagnostics;
using Groundwork.Broker.Benchmarks.Load;
using Groundwork.Broker.Benchmarks.Rivals;
using Groundwork.Broker.Drills.Clients;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Benchmarks;

/// <summary>How long a record takes from being sent until it is acknowledged, and until a consumer that waits for it has it, at half of what the slowest can do.</summary>
internal sealed class LatencyBenchmark : ServedBenchmark
{
    private const int Producers = 64;
    private const int RecordBytes = 1024;
    private const string Topic = "bench";

    /// <inheritdoc/>
    public override string Name => "broker.latency.1k";

    /// <inheritdoc/>
    public override string Work => FormattableString.Invariant(
        $"Records of {RecordBytes} bytes, one at a time from {Producers} producers, at half of the rate that the slowest reaches; each synced before it is acknowledged, and read by a consumer that waits for it. Beside them the disk alone: 4 KiB written and synced each millisecond.");

    /// <inheritdoc/>
    public override string Unit => "records";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var (length, look) = context.Smoke ? (TimeSpan.FromSeconds(0.1), 10L) : (TimeSpan.FromSeconds(3), 200L);
        var ours = await ServerWorker.StartBrokerAsync(context, Path.Combine(context.Folder, "broker"), cancellationToken);
        using (var client = await BrokerClient.ConnectAsync(ours.Port, cancellationToken))
            await DrillTopic.CreateAsync(client, Topic, 1, cancellationToken);
        var subjects = new List<Subject> { new(ours, new KafkaStamps(Topic, RecordBytes)) };
        if (RedisStreams.Missing is null)
        {
            var redis = await RedisStreams.StartAsync(Path.Combine(context.Folder, "redis"), cancellationToken);
            subjects.Add(new(new ServerUnderLoad(RedisStreams.Name, redis.Port, redis.ProcessId, redis.DisposeAsync), new RedisStamps(Topic, RecordBytes)));
        }

        var most = double.MaxValue;
        foreach (var subject in subjects)
            most = Math.Min(most, await subject.MostAsync(look, cancellationToken));
        List<Contender> contenders = [.. subjects.Select(subject => subject.AtRate(most / 2, length)), DiskLimit.Paced(context.Folder, length)];
        if (RedisStreams.Missing is { } missing)
            contenders.Add(Contender.Absent(RedisStreams.Name, missing));
        return contenders;
    }

    private sealed class Subject(ServerUnderLoad server, StampedRecords records) : IDisposable
    {
        private readonly EndToEndLoad _load = new(server.Port, Producers, records);

        /// <summary>How many records a second it takes when each producer sends one as soon as the one before is answered.</summary>
        public async Task<double> MostAsync(long each, CancellationToken cancellationToken)
        {
            using var closed = new PipelinedLoad(server.Port, Producers, _ => [records.Append(0)], new RequestShape(1, 1, records.Answers));
            _ = await closed.RunAsync(Producers * each / 4, cancellationToken);
            var begun = Stopwatch.GetTimestamp();
            return await closed.RunAsync(Producers * each, cancellationToken) / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        }

        public void Dispose() => _load.Dispose();

        public Contender AtRate(double perSecond, TimeSpan length) => new(
            server.Name, cancellationToken => _load.RunAsync(perSecond, length, cancellationToken),
            () =>
            {
                Dispose();
                return server.EndAsync();
            },
            server.ProcessId)
        {
            OnlyServerCounts = true,
            FiguresAsync = _ => new([.. Percentiles.Of(_load.Acknowledged, "acknowledged "), .. Percentiles.Of(_load.Read, "read ")]),
        };
    }
}
