using Groundwork.Broker.Journals;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;

namespace Groundwork.Broker.Operations;

/// <summary>
/// ListOffsets, 0–10: where a log begins (-2), ends (-1), has its latest time (-3), or has the first record of a time. Version 0
/// answers with a list, and by segments where later ones are exact; ours is exact in all. Nothing lies in tiers: the earliest local offset (-4) is
/// the earliest, and there is no latest tiered one (-5). Lower numbers are of protocols to come. What was acknowledged before it was asked counts,
/// also what is not durable yet (acks=1): the answer waits for that.
/// </summary>
internal sealed class ListOffsets() : Operation<ListOffsetsRequest>(ApiKey.ListOffsets)
{
    private const long Latest = -1;
    private const long Earliest = -2;
    private const long MaxTimestamp = -3;
    private const long EarliestLocal = -4;
    private const long LatestTiered = -5;

    protected override async ValueTask<IResponse?> RunAsync(ListOffsetsRequest request, Call call)
    {
        await PendingAsync(request, call);
        var response = new ListOffsetsResponse();
        foreach (var topic in request.Topics)
        {
            var answers = new ListOffsetsResponse.ListOffsetsTopicResponse { Name = topic.Name };
            response.Topics.Add(answers);
            foreach (var partition in topic.Partitions)
                answers.Partitions.Add(Answer(Log(topic, partition, call), partition, call.Version));
        }

        return response;
    }

    // What is durable last is waited for: it is one sync or two, however many partitions are asked about.
    private static Task PendingAsync(ListOffsetsRequest request, Call call)
    {
        Round? last = null;
        foreach (var topic in request.Topics)
        {
            foreach (var partition in topic.Partitions)
                last = Round.Later(last, Log(topic, partition, call)?.Pending);
        }

        return last?.SettledAsync(call.Cancelled) ?? Task.CompletedTask;
    }

    private static PartitionLog? Log(ListOffsetsRequest.ListOffsetsTopic topic, ListOffsetsRequest.ListOffsetsPartition partition, Call call) =>
        call.Node.Topics.Find(topic.Name)?.Find(partition.PartitionIndex);

    private static ListOffsetsResponse.ListOffsetsPartitionResponse Answer(PartitionLog? log, ListOffsetsRequest.ListOffsetsPartition asked, short version)
    {
        var answer = new ListOffsetsResponse.ListOffsetsPartitionResponse { PartitionIndex = asked.PartitionIndex };
        if (log is null)
        {
            answer.ErrorCode = ErrorCode.UnknownTopicOrPartition;
            return answer;
        }

        answer.ErrorCode = asked.Timestamp < LatestTiered ? ErrorCode.UnsupportedVersion : LeaderEpochs.Check(log, asked.CurrentLeaderEpoch);
        if (answer.ErrorCode != ErrorCode.None)
            return answer;
        try
        {
            (answer.Timestamp, answer.Offset) = Find(log, asked.Timestamp);
        }
        catch (InvalidDataException)
        {
            // The batch in which it would be cannot be unpacked.
            answer.ErrorCode = ErrorCode.CorruptMessage;
            return answer;
        }
        catch (IOException)
        {
            answer.ErrorCode = ErrorCode.KafkaStorageError;
            return answer;
        }

        if (version == 0)
        {
            answer.OldStyleOffsets = answer.Offset >= 0 && asked.MaxNumOffsets > 0 ? [answer.Offset] : [];
            (answer.Timestamp, answer.Offset) = (RecordBatch.None, RecordBatch.None);
        }
        else if (answer.Offset >= 0 && version >= 4)
        {
            answer.LeaderEpoch = log.LeaderEpoch;
        }

        return answer;
    }

    private static (long Timestamp, long Offset) Find(PartitionLog log, long timestamp) => timestamp switch
    {
        Latest => (RecordBatch.None, log.HighWatermark),
        Earliest or EarliestLocal => (RecordBatch.None, log.StartOffset),
        MaxTimestamp => log.LatestTimestamp is >= 0 and var latest && log.FindTime(latest) is { } found ? found : (RecordBatch.None, RecordBatch.None),
        LatestTiered => (RecordBatch.None, RecordBatch.None),
        _ => log.FindTime(timestamp) ?? (RecordBatch.None, RecordBatch.None),
    };
}
