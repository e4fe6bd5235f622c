using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>OffsetForLeaderEpoch, 0–4: where what a leader wrote ends, by which a consumer or a follower finds whether its copy parted from the leader's (KIP-101, KIP-320).</summary>
internal sealed class OffsetForLeaderEpoch() : Operation<OffsetForLeaderEpochRequest>(ApiKey.OffsetForLeaderEpoch)
{
    protected override ValueTask<IResponse?> RunAsync(OffsetForLeaderEpochRequest request, Call call)
    {
        var response = new OffsetForLeaderEpochResponse();
        foreach (var topic in request.Topics)
        {
            var answers = new OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult { Topic = topic.Topic };
            response.Topics.Add(answers);
            foreach (var partition in topic.Partitions)
            {
                var answer = new OffsetForLeaderEpochResponse.EpochEndOffset { Partition = partition.Partition };
                answers.Partitions.Add(answer);
                if (call.Node.Topics.Find(topic.Topic)?.Find(partition.Partition) is not { } log)
                {
                    answer.ErrorCode = ErrorCode.UnknownTopicOrPartition;
                    continue;
                }

                answer.ErrorCode = LeaderEpochs.Check(log, partition.CurrentLeaderEpoch);
                if (answer.ErrorCode == ErrorCode.None)
                    (answer.LeaderEpoch, answer.EndOffset) = log.EndOfEpoch(partition.LeaderEpoch);
            }
        }

        return new(response);
    }
}
