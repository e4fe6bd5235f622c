using Groundwork.Broker.Logs;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Topics;

namespace Groundwork.Broker.Operations;

/// <summary>DescribeLogDirs, 0–4: how many bytes each partition takes, in the one folder that there is.</summary>
internal sealed class DescribeLogDirs() : Operation<DescribeLogDirsRequest>(ApiKey.DescribeLogDirs)
{
    protected override ValueTask<IResponse?> RunAsync(DescribeLogDirsRequest request, Call call)
    {
        var folder = new DescribeLogDirsResponse.DescribeLogDirsResult { LogDir = TopicFile.Root };
        foreach (var topic in call.Node.Topics.All)
        {
            var asked = request.Topics?.FirstOrDefault(t => t.Topic == topic.Name);
            if (request.Topics is not null && asked is null)
                continue;
            var described = new DescribeLogDirsResponse.DescribeLogDirsTopic { Name = topic.Name };
            for (var i = 0; i < topic.Partitions.Length; i++)
            {
                if (asked is null || asked.Partitions.Count == 0 || asked.Partitions.Contains(i))
                    described.Partitions.Add(Describe(i, topic.Partitions[i]));
            }

            folder.Topics.Add(described);
        }

        return new(new DescribeLogDirsResponse { Results = [folder] });
    }

    private static DescribeLogDirsResponse.DescribeLogDirsPartition Describe(int partition, PartitionLog log) => new()
    {
        PartitionIndex = partition,
        PartitionSize = log.Size,
    };
}
