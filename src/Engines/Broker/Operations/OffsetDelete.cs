using Groundwork.Broker.Groups.Offsets;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>OffsetDelete, 0: forgets how far a group has read some partitions, unless its members still read their topics.</summary>
internal sealed class OffsetDelete() : Operation<OffsetDeleteRequest>(ApiKey.OffsetDelete)
{
    protected override async ValueTask<IResponse?> RunAsync(OffsetDeleteRequest request, Call call)
    {
        var partitions = request.Topics
            .SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Name, partition.PartitionIndex))).ToList();
        var (code, each) = await call.Node.Groups.DeleteOffsetsAsync(request.GroupId, partitions);
        if (code != ErrorCode.None)
            return new OffsetDeleteResponse { ErrorCode = code };
        return new OffsetDeleteResponse
        {
            Topics = [.. partitions.Zip(each).GroupBy(pair => pair.First.Topic, StringComparer.Ordinal).Select(topic => new OffsetDeleteResponse.OffsetDeleteResponseTopic
            {
                Name = topic.Key,
                Partitions = [.. topic.Select(pair => new OffsetDeleteResponse.OffsetDeleteResponsePartition
                {
                    PartitionIndex = pair.First.Partition, ErrorCode = pair.Second,
                })],
            })],
        };
    }
}
