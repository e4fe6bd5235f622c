using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Groups.Offsets;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>OffsetCommit, 0–9: how far a group has read, answered when it is durable. A time to keep it for is in versions 2 to 4.</summary>
internal sealed class OffsetCommit() : Operation<OffsetCommitRequest>(ApiKey.OffsetCommit)
{
    private const short FirstThatKnowsMissingGroups = 9;

    protected override async ValueTask<IResponse?> RunAsync(OffsetCommitRequest request, Call call)
    {
        var offsets = new List<OffsetToCommit>();
        foreach (var topic in request.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                offsets.Add(new OffsetToCommit(
                    new TopicPartition(topic.Name, partition.PartitionIndex), partition.CommittedOffset, partition.CommittedLeaderEpoch, partition.CommittedMetadata));
            }
        }

        var errors = await call.Node.Groups.CommitAsync(new CommitCall
        {
            Group = request.GroupId,
            Identity = new MemberIdentity(request.MemberId, request.GroupInstanceId),
            Generation = request.GenerationIdOrMemberEpoch,
            RetentionMs = request.RetentionTimeMs,
            KnowsMissingGroup = call.Version >= FirstThatKnowsMissingGroups,
            Offsets = offsets,
        });
        var response = new OffsetCommitResponse();
        var at = 0;
        foreach (var topic in request.Topics)
        {
            response.Topics.Add(new()
            {
                Name = topic.Name,
                Partitions = [.. topic.Partitions.Select(partition => new OffsetCommitResponse.OffsetCommitResponsePartition
                {
                    PartitionIndex = partition.PartitionIndex, ErrorCode = errors[at++],
                })],
            });
        }

        return response;
    }
}
