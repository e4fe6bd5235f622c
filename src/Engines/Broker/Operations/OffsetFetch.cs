using Groundwork.Broker.Groups.Offsets;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>
/// OffsetFetch, 0–9: how far groups have read; of one group before version 8, of several from then on. All partitions of a group can be
/// asked for by no list from 2 on. Where nothing is committed, the offset is -1.
/// </summary>
internal sealed class OffsetFetch() : Operation<OffsetFetchRequest>(ApiKey.OffsetFetch)
{
    private const short FirstOfSeveral = 8;
    private const short FirstWithGroupError = 2;
    private const long Nothing = -1;

    protected override ValueTask<IResponse?> RunAsync(OffsetFetchRequest request, Call call)
    {
        if (call.Version < FirstOfSeveral)
            return new(OfOne(request, call));
        var response = new OffsetFetchResponse();
        foreach (var group in request.Groups)
        {
            var asked = group.Topics?.SelectMany(topic => topic.PartitionIndexes.Select(partition => new TopicPartition(topic.Name, partition))).ToList();
            var code = call.Node.Groups.Fetch(group.GroupId, asked, out var offsets);
            response.Groups.Add(new()
            {
                GroupId = group.GroupId,
                ErrorCode = code,
                Topics = [.. offsets.GroupBy(offset => offset.Partition.Topic, StringComparer.Ordinal).Select(topic => new OffsetFetchResponse.OffsetFetchResponseTopics
                {
                    Name = topic.Key,
                    Partitions = [.. topic.Select(offset => new OffsetFetchResponse.OffsetFetchResponsePartitions
                    {
                        PartitionIndex = offset.Partition.Partition,
                        CommittedOffset = offset.Offset?.Offset ?? Nothing,
                        CommittedLeaderEpoch = offset.Offset?.LeaderEpoch ?? -1,
                        Metadata = offset.Offset?.Metadata ?? "",
                    })],
                })],
            });
        }

        return new(response);
    }

    private static OffsetFetchResponse OfOne(OffsetFetchRequest request, Call call)
    {
        var asked = request.Topics?.SelectMany(topic => topic.PartitionIndexes.Select(partition => new TopicPartition(topic.Name, partition))).ToList();
        var code = call.Node.Groups.Fetch(request.GroupId, asked, out var offsets);

        // The oldest versions have no room for what is wrong with the group: each partition says it.
        var each = call.Version < FirstWithGroupError ? code : ErrorCode.None;
        if (code != ErrorCode.None && each != ErrorCode.None)
            offsets = [.. asked!.Select(partition => new FetchedOffset(partition, null))];
        return new OffsetFetchResponse
        {
            ErrorCode = code,
            Topics = [.. offsets.GroupBy(offset => offset.Partition.Topic, StringComparer.Ordinal).Select(topic => new OffsetFetchResponse.OffsetFetchResponseTopic
            {
                Name = topic.Key,
                Partitions = [.. topic.Select(offset => new OffsetFetchResponse.OffsetFetchResponsePartition
                {
                    PartitionIndex = offset.Partition.Partition,
                    CommittedOffset = offset.Offset?.Offset ?? Nothing,
                    CommittedLeaderEpoch = offset.Offset?.LeaderEpoch ?? -1,
                    Metadata = offset.Offset?.Metadata ?? "",
                    ErrorCode = each,
                })],
            })],
        };
    }
}
