using Confluent.Kafka;
using Groundwork.Ports.Messaging;
using Partition = Confluent.Kafka.TopicPartition;
using RecordHeader = Groundwork.Ports.Messaging.RecordHeader;

namespace Groundwork.Kafka;

/// <summary>
/// A consumer of the driver on a thread of its own: the driver's calls block, and its groups want it to be asked all the time, whether somebody wants records or not.
/// </summary>
/// <remarks>
/// <para>What was read ahead is bounded by parts: a quarter lies in <see cref="ReadAhead"/>, half in the driver's queue, a quarter comes with a fetch that is under way. Where the caller
/// does not come for a while, the partitions are paused, so that the thread can go on asking.</para>
/// <para>The driver is told never to choose a place by itself: what is missing is found here, and told or gone past as <see cref="ReadOptions.OnGap"/> says.</para>
/// </remarks>
internal sealed class ConsumerThread : IAsyncDisposable
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);

    // Pausing drops what the driver has fetched: so it is done to callers that are slow, not to those that are busy for a moment.
    private const int TurnsBeforePause = 10;

    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<Partition, long> _positions = [];
    private readonly ReadOptions _options;
    private readonly KafkaAddress _address;
    private readonly TimeSpan _timeout;
    private readonly Task _run;

    /// <param name="builder">The consumer, with what it is told of its group.</param>
    /// <param name="begin">What it begins with.</param>
    /// <param name="options">How it reads.</param>
    /// <param name="address">Where.</param>
    /// <param name="timeout">How long a question may take.</param>
    public ConsumerThread(
        Func<ConsumerThread, IConsumer<byte[]?, byte[]?>> builder, Action<ConsumerThread> begin, ReadOptions options, KafkaAddress address, TimeSpan timeout)
    {
        (_options, _address, _timeout) = (options, address, timeout);
        Ahead = new ReadAhead(options.MaxBufferedBytes / 4);
        Consumer = builder(this);
        _run = Task.Factory.StartNew(() => Run(begin), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The driver's consumer.</summary>
    public IConsumer<byte[]?, byte[]?> Consumer { get; }

    /// <summary>What was read.</summary>
    public ReadAhead Ahead { get; }

    /// <summary>What a consumer is told that is the same for all.</summary>
    public static ConsumerConfig Config(KafkaAddress address, string group, ReadOptions options) => address.Apply(new ConsumerConfig
    {
        GroupId = group,
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        AutoOffsetReset = AutoOffsetReset.Error,
        AllowAutoCreateTopics = false,
        QueuedMinMessages = 1_000_000, // the bytes are the bound
        QueuedMaxMessagesKbytes = options.MaxBufferedBytes / 2 / 1024,
        MaxPartitionFetchBytes = options.MaxBufferedBytes / 4,
        FetchWaitMaxMs = 500,
        TopicMetadataRefreshIntervalMs = 30_000,
    });

    /// <summary>Begins to read partitions, at once and from nothing else. On the thread.</summary>
    public void Begin(IReadOnlyCollection<TopicPartitionOffset> places)
    {
        _positions.Clear();
        foreach (var place in places)
            _positions[place.TopicPartition] = place.Offset;
    }

    /// <summary>Ends it; as a member, leaves the group.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        await _run;
        Ahead.Clear();
        Ahead.Fail(new BrokerException(BrokerFault.Unavailable, "The reader has ended."));
    }

    private void Run(Action<ConsumerThread> begin)
    {
        try
        {
            begin(this);
            while (!_stop.IsCancellationRequested)
                TakeTurn();
        }
        catch (Exception e)
        {
            Ahead.Fail(e as BrokerException ?? (e is KafkaException known ? KafkaFailures.Of(known, _address) : new BrokerException(BrokerFault.Unavailable, e.Message, e)));
        }
        finally
        {
            try
            {
                Consumer.Close();
            }
            catch (KafkaException)
            {
                // The group finds by itself that it is gone.
            }

            Consumer.Dispose();
        }
    }

    private void TakeTurn()
    {
        try
        {
            if (Consumer.Consume(Turn) is not { IsPartitionEOF: false } result)
                return;

            // What was fetched for a partition before it was given up, or went past a gap.
            if (_positions.GetValueOrDefault(result.TopicPartition, long.MaxValue) > result.Offset.Value)
                return;
            _positions[result.TopicPartition] = result.Offset + 1;
            Put(Incoming(result));
        }
        catch (ConsumeException e) when (e.Error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange && e.ConsumerRecord is not null)
        {
            Pass(e.ConsumerRecord.TopicPartition);
        }
        catch (ConsumeException e)
        {
            // The driver tries on by itself; what trying does not help is told.
            var failure = KafkaFailures.Of(e, _address);
            if (failure.Fault is not (BrokerFault.Unavailable or BrokerFault.Revoked or BrokerFault.NoSuchTopic))
                Ahead.Fail(failure);
        }
    }

    private void Put(IncomingRecord record)
    {
        var (turns, paused) = (0, false);
        while (!_stop.IsCancellationRequested && !Ahead.TryPut(record, Turn))
        {
            if (++turns < TurnsBeforePause)
                continue;
            if (!paused)
                Consumer.Pause(Consumer.Assignment);
            paused = true;

            // Nothing comes of it while all is paused but what the group wants.
            if (Consumer.Consume(TimeSpan.Zero) is { IsPartitionEOF: false } more)
                Consumer.Seek(more.TopicPartitionOffset);

            // What was given up meanwhile is nobody's here any more.
            if (!_positions.ContainsKey(new Partition(record.Topic, record.Partition)))
                return;
        }

        if (paused)
            Consumer.Resume(Consumer.Assignment);
    }

    private void Pass(Partition partition)
    {
        if (!_positions.TryGetValue(partition, out var wanted))
            return;
        var there = Consumer.QueryWatermarkOffsets(partition, _timeout);
        long? next = _options.OnGap switch
        {
            // A place that the driver was to find by itself, and was gone when it came there.
            _ when wanted < 0 => there.Low,
            GapAction.Earliest => there.Low,
            GapAction.Latest => there.High,
            _ => null,
        };
        if (next is not { } offset)
        {
            Ahead.Fail(new ReadGapException(partition.Topic, partition.Partition, wanted, new OffsetRange(there.Low, there.High)));
            return;
        }

        // The driver has stopped reading the partition, and begins again only with what it is assigned anew.
        _positions[partition] = offset;
        Consumer.Assign(_positions.Select(place => new TopicPartitionOffset(place.Key, place.Value)));
    }

    private static IncomingRecord Incoming(ConsumeResult<byte[]?, byte[]?> result) => new(
        result.Topic, result.Partition, result.Offset, IncomingRecord.TimeOf(result.Message.Timestamp.UnixTimestampMs),
        Memory(result.Message.Key), Memory(result.Message.Value),
        result.Message.Headers is { Count: > 0 } headers ? [.. headers.Select(header => new RecordHeader(header.Key, Memory(header.GetValueBytes())))] : []);

    // An array that is null would become memory of nothing.
    private static ReadOnlyMemory<byte>? Memory(byte[]? bytes) => bytes is null ? default(ReadOnlyMemory<byte>?) : bytes;
}
