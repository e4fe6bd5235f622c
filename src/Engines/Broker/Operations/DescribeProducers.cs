using Groundwork.Broker.Logs;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>DescribeProducers, 0: the idempotent producers that partitions remember, and how far each has come. None is in a transaction.</summary>
internal sealed class DescribeProducers() : Operation<DescribeProducersRequest>(ApiKey.DescribeProducers)
{
    // No coordinator of transactions has written.
    private const int NoEpoch = -1;

    protected override ValueTask<IResponse?> RunAsync(DescribeProducersRequest request, Call call)
    {
        // A partition's producers can be ten thousand, so each partition is described once, however often it is named.
        var described = new HashSet<PartitionLog>();
        var response = new DescribeProducersResponse();
        foreach (var asked in request.Topics)
        {
            var topic = new DescribeProducersResponse.TopicResponse { Name = asked.Name };
            response.Topics.Add(topic);
            foreach (var index in asked.PartitionIndexes)
            {
                var log = call.Node.Topics.Find(asked.Name)?.Find(index);
                if (log is null)
                    topic.Partitions.Add(new() { PartitionIndex = index, ErrorCode = ErrorCode.UnknownTopicOrPartition });
                else if (!described.Add(log))
                    topic.Partitions.Add(new() { PartitionIndex = index, ErrorCode = ErrorCode.InvalidRequest, ErrorMessage = $"The request names partition {index} of {asked.Name} twice." });
                else
                    topic.Partitions.Add(new() { PartitionIndex = index, ActiveProducers = [.. log.Producers().Select(Describe)] });
            }
        }

        return new(response);
    }

    private static DescribeProducersResponse.ProducerState Describe(ProducerState producer)
    {
        var last = producer.Batches[^1];
        return new()
        {
            ProducerId = producer.ProducerId,
            ProducerEpoch = producer.Epoch,
            LastSequence = last.LastSequence,
            LastTimestamp = last.Timestamp,
            CoordinatorEpoch = NoEpoch,
        };
    }
}
