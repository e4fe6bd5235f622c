using Groundwork.Broker.Logs;
using Groundwork.Broker.Node;
using Groundwork.Broker.Node.Fetching;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;

namespace Groundwork.Broker.Operations;

/// <summary>What one look at the logs of a fetch gave. Its buffers go back when the answer was sent, or when it is disposed.</summary>
internal sealed class FetchCollection(BrokerNode node, FetchSession? session, bool isFull) : IDisposable
{
    private readonly List<(FetchPosition Position, FetchResponse.PartitionData Data)> _found = [];
    private readonly List<ReadBuffer> _buffers = [];

    /// <summary>How many bytes of batches there are.</summary>
    public int Bytes { get; private set; }

    /// <summary>Whether there is something to tell at once.</summary>
    public bool HasError { get; private set; }

    /// <summary>Looks at all partitions in their turn.</summary>
    public void Collect(IReadOnlyList<FetchPosition> positions, int maxBytes)
    {
        for (var i = 0; i < positions.Count; i++)
        {
            var position = positions[i];
            var data = Read(position, maxBytes - Bytes);
            var answered = (data.HighWatermark, data.LogStartOffset);
            if (!data.Records.IsNull && data.Records.Length > 0 && session is not null)
                session.Turn = session.IndexAfter(position);

            // In a session only what is new is told.
            if (!isFull && data.ErrorCode == ErrorCode.None && data.DivergingEpoch is null && data.Records.Length == 0 && position.Answered == answered)
                continue;
            HasError |= data.ErrorCode != ErrorCode.None || data.DivergingEpoch is not null;
            _found.Add((position, data));
        }
    }

    /// <summary>The answer.</summary>
    public FetchResponse Answer(Call call)
    {
        var response = new FetchResponse { SessionId = session?.Id ?? 0 };
        FetchResponse.FetchableTopicResponse? topic = null;
        foreach (var (position, data) in _found)
        {
            if (topic is null || topic.Topic != position.Topic || topic.TopicId != position.TopicId)
                response.Responses.Add(topic = new() { Topic = position.Topic, TopicId = position.TopicId });
            topic.Partitions.Add(data);
            position.Answered = (data.HighWatermark, data.LogStartOffset);
        }

        foreach (var buffer in _buffers)
            call.AfterSending(buffer);
        return response;
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers)
            buffer.Dispose();
    }

    private FetchResponse.PartitionData Read(FetchPosition position, int maxBytes)
    {
        var data = new FetchResponse.PartitionData
        {
            PartitionIndex = position.Partition,
            HighWatermark = RecordBatch.None,
            Records = new RecordBytes(ReadOnlyMemory<byte>.Empty),
        };
        if (Fetch.Find(node.Topics, position) is not { } found)
        {
            data.ErrorCode = position.Topic.Length > 0 ? ErrorCode.UnknownTopicOrPartition : ErrorCode.UnknownTopicId;
            return data;
        }

        var log = found.Log;
        (data.HighWatermark, data.LastStableOffset, data.LogStartOffset) = (log.HighWatermark, log.LastStableOffset, log.StartOffset);
        data.ErrorCode = LeaderEpochs.Check(log, position.LeaderEpoch);
        if (data.ErrorCode != ErrorCode.None)
            return data;
        if (position.LastEpoch >= 0 && log.EndOfEpoch(position.LastEpoch) is var (epoch, end) && (epoch < position.LastEpoch || end < position.Offset))
        {
            // Of an epoch that no leader had there is no place to go back to.
            if (epoch < 0)
                data.ErrorCode = ErrorCode.OffsetOutOfRange;
            else
                data.DivergingEpoch = new() { Epoch = epoch, EndOffset = end };
            return data;
        }

        // The first batch of an answer may be larger than what was asked for, or nobody would ever get behind it.
        LogRead read;
        try
        {
            read = log.Read(position.Offset, Math.Min(position.MaxBytes, maxBytes), oversizeFirst: Bytes == 0);
        }
        catch (IOException)
        {
            data.ErrorCode = ErrorCode.KafkaStorageError;
            return data;
        }

        data.ErrorCode = read.Fault?.Code ?? ErrorCode.None;
        if (read.Data is { } buffer)
        {
            _buffers.Add(buffer);
            data.Records = new RecordBytes(buffer.Batches);
            Bytes += buffer.Batches.Length;
            log.Traffic.Went(read.NextOffset - position.Offset, buffer.Batches.Length);
        }

        return data;
    }
}
