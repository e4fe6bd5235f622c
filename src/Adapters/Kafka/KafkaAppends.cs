using Confluent.Kafka;
using Groundwork.Ports.Messaging;

namespace Groundwork.Kafka;

/// <summary>
/// Appends by one idempotent producer, in the order in which they are made.
/// </summary>
/// <remarks>
/// A producer that names a topic that is not there makes it, at brokers that let it: so a topic is asked for before its first record. Appends
/// that come meanwhile wait in their order, no more than <see cref="MaxWaiting"/> of them. Safe for concurrent callers.
/// </remarks>
internal sealed class KafkaAppends(IProducer<byte[]?, byte[]?> producer, KafkaTopics topics, KafkaAddress address)
{
    private const int MaxWaiting = 1000;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<Append>> _waiting = new(StringComparer.Ordinal);

    /// <summary>Appends records; completes when they are durable.</summary>
    public Task<IReadOnlyList<RecordPlace>> AppendAsync(string topic, IReadOnlyList<OutgoingRecord> records)
    {
        // What is wrong with the arguments is thrown here, and not in the middle of them.
        for (var i = 0; i < records.Count; i++)
            _ = records[i].UnixMs();
        var append = new Append(topic, records);
        lock (_gate)
        {
            if (_known.Contains(topic))
            {
                Begin(append);
            }
            else if (_waiting.TryGetValue(topic, out var before))
            {
                if (before.Count >= MaxWaiting)
                    throw new BrokerException(BrokerFault.Unavailable, $"{MaxWaiting} appends wait already to know whether there is a topic {topic}. Nothing was appended.");
                before.Enqueue(append);
            }
            else
            {
                _waiting[topic] = new Queue<Append>([append]);
                _ = LookAsync(topic);
            }
        }

        return append.Task;
    }

    /// <summary>A topic is there: nobody asks for it again.</summary>
    public void Know(string topic)
    {
        lock (_gate)
            _known.Add(topic);
    }

    private async Task LookAsync(string topic)
    {
        BrokerException? failure = null;
        try
        {
            if (await topics.FindAsync(topic, CancellationToken.None) is null)
                failure = KafkaFailures.NoSuchTopic(topic);
        }
        catch (BrokerException e)
        {
            failure = e;
        }

        lock (_gate)
        {
            if (failure is null)
                _known.Add(topic);
            _ = _waiting.Remove(topic, out var waiting);
            foreach (var append in waiting!)
            {
                if (failure is null)
                    Begin(append);
                else
                    append.Fail(failure);
            }
        }
    }

    private void Begin(Append append)
    {
        try
        {
            for (var i = 0; i < append.Records.Count; i++)
            {
                var index = i;
                producer.Produce(append.Topic, Message(append.Records[i]), report => Report(append, index, report));
            }
        }
        catch (ProduceException<byte[]?, byte[]?> e)
        {
            append.Fail(KafkaFailures.Of(e, address));
        }
    }

    private void Report(Append append, int index, DeliveryReport<byte[]?, byte[]?> report)
    {
        if (!report.Error.IsError)
        {
            append.Place(index, new RecordPlace(report.Partition, report.Offset));
            return;
        }

        if (report.Error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic)
        {
            lock (_gate)
                _known.Remove(append.Topic);
        }

        append.Fail(KafkaFailures.Of(report.Error, address));
    }

    private static Message<byte[]?, byte[]?> Message(in OutgoingRecord record)
    {
        var message = new Message<byte[]?, byte[]?> { Key = record.Key?.ToArray(), Value = record.Value?.ToArray() };
        if (record.UnixMs() is { } time)
            message.Timestamp = new Timestamp(time, TimestampType.CreateTime);
        if (record.Headers is { Count: > 0 } headers)
        {
            message.Headers = [];
            foreach (var header in headers)
                message.Headers.Add(header.Name, header.Value?.ToArray());
        }

        return message;
    }

    // The driver reports from its own thread: callers go on elsewhere.
    private sealed class Append(string topic, IReadOnlyList<OutgoingRecord> records)
        : TaskCompletionSource<IReadOnlyList<RecordPlace>>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        private readonly RecordPlace[] _places = new RecordPlace[records.Count];
        private int _left = records.Count;

        public string Topic => topic;

        public IReadOnlyList<OutgoingRecord> Records => records;

        public void Place(int index, RecordPlace place)
        {
            _places[index] = place;
            if (Interlocked.Decrement(ref _left) == 0)
                TrySetResult(_places);
        }

        public void Fail(BrokerException failure) => TrySetException(failure);
    }
}
