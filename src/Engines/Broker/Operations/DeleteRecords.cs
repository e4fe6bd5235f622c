using Groundwork.Broker.Journals;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;
using Groundwork.Broker.Topics;

namespace Groundwork.Broker.Operations;

/// <summary>DeleteRecords, 0–2: moves the start of partitions; -1 is up to the high watermark. Answered when it is durable.</summary>
internal sealed class DeleteRecords() : Operation<DeleteRecordsRequest>(ApiKey.DeleteRecords)
{
    protected override async ValueTask<IResponse?> RunAsync(DeleteRecordsRequest request, Call call)
    {
        var response = new DeleteRecordsResponse();
        foreach (var topic in request.Topics)
        {
            var answers = new DeleteRecordsResponse.DeleteRecordsTopicResult { Name = topic.Name };
            response.Topics.Add(answers);
            foreach (var partition in topic.Partitions)
                answers.Partitions.Add(await DeleteAsync(topic.Name, partition, call));
        }

        return response;
    }

    private static async ValueTask<DeleteRecordsResponse.DeleteRecordsPartitionResult> DeleteAsync(string topic, DeleteRecordsRequest.DeleteRecordsPartition asked, Call call)
    {
        var answer = new DeleteRecordsResponse.DeleteRecordsPartitionResult { PartitionIndex = asked.PartitionIndex, LowWatermark = RecordBatch.None };
        if (call.Node.Topics.Find(topic)?.Find(asked.PartitionIndex) is not { } log)
        {
            answer.ErrorCode = ErrorCode.UnknownTopicOrPartition;
            return answer;
        }

        if (TopicName.IsInternal(topic))
        {
            answer.ErrorCode = ErrorCode.InvalidTopicException;
            return answer;
        }

        try
        {
            answer.LowWatermark = await log.DeleteBeforeAsync(asked.Offset, call.Cancelled);
        }
        catch (ArgumentOutOfRangeException)
        {
            answer.ErrorCode = ErrorCode.OffsetOutOfRange;
        }
        catch (JournalFailedException)
        {
            answer.ErrorCode = ErrorCode.KafkaStorageError;
        }

        return answer;
    }
}
