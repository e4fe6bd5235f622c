using Groundwork.Broker.Protocol;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Drills.Clients;

/// <summary>A consumer without a group's rules that says how far it has read, further each time, and keeps what was acknowledged over all lives of the broker. Not for concurrent use.</summary>
internal sealed class Committing(string group, string topic, Findings findings)
{
    private long _sent;
    private long _acknowledged;

    /// <summary>The last offset whose commit was acknowledged.</summary>
    public long Acknowledged => _acknowledged;

    /// <summary>Commits until it is stopped or the broker is gone.</summary>
    public async Task WorkAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = await BrokerClient.ConnectAsync(port, CancellationToken.None);
            while (!cancellationToken.IsCancellationRequested && findings.IsClean)
            {
                _sent++;
                var answer = await client.AskAsync(
                    new OffsetCommitRequest { GroupId = group, Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = 0, CommittedOffset = _sent }] }] },
                    CancellationToken.None);
                var code = answer.Topics[0].Partitions[0].ErrorCode;
                findings.Require(code == ErrorCode.None, "commits were refused while nothing was wrong", $"{_sent}: {code}");
                if (code == ErrorCode.None)
                    _acknowledged = _sent;
            }
        }
        catch (IOException)
        {
            // The broker is gone.
        }
    }

    /// <summary>After a restart: no less is committed than was acknowledged, and no more than was sent.</summary>
    public async Task CheckAsync(BrokerClient client, CancellationToken cancellationToken)
    {
        var answer = await client.AskAsync(
            new OffsetFetchRequest { Groups = [new() { GroupId = group, Topics = [new() { Name = topic, PartitionIndexes = [0] }] }] }, cancellationToken);
        var there = Math.Max(0, answer.Groups[0].Topics[0].Partitions[0].CommittedOffset);
        findings.Require(there >= _acknowledged, "committed offsets are lost", $"{there} instead of {_acknowledged}");
        findings.Require(there <= _sent, "offsets were never committed", $"{there}, and {_sent} was the last");
        _acknowledged = Math.Max(_acknowledged, there);
    }
}
