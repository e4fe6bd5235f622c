using System.Text;
using Groundwork.Broker.Drills.Disks;
using Groundwork.Broker.Protocol;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Drills.Clients;

/// <summary>Reads a damaged partition as a consumer does that steps over what it cannot have, and compares it with what was written. Not thread-safe.</summary>
internal sealed class RotReader(BrokerClient client, string topic, IReadOnlyList<string> written, IReadOnlyList<LogImage.Place> damaged, Findings findings)
{
    /// <summary>Reads all of it; returns how many records were served.</summary>
    public async Task<long> ReadAllAsync(CancellationToken cancellationToken)
    {
        var served = 0L;
        for (long offset = 0; offset < written.Count && findings.IsClean;)
        {
            var (next, count) = await SeekAsync(offset, cancellationToken);
            served += count;
            offset = next;
        }

        return served;
    }

    /// <summary>Reads what one answer gives from an offset on; returns the next offset, and how many records there were.</summary>
    public async Task<(long Next, int Records)> SeekAsync(long offset, CancellationToken cancellationToken)
    {
        var answer = await DrillTopic.FetchAsync(client, topic, 0, offset, cancellationToken);
        if (answer.ErrorCode == ErrorCode.CorruptMessage)
        {
            findings.Require(IsDamaged(offset), "intact records were refused", $"{offset}");
            return (offset + 1, 0);
        }

        var (next, count) = (offset, 0);
        try
        {
            foreach (var record in DrillTopic.Records(answer.Records))
            {
                if (record.Offset < offset)
                    continue;
                findings.Require(record.Offset == next, "records were passed over", $"{next} to {record.Offset - 1}");
                findings.Require(
                    record.Offset < written.Count && Encoding.UTF8.GetString(record.Value.GetValueOrDefault().Span) == written[(int)record.Offset],
                    "damaged records were served", $"{record.Offset}");
                next = record.Offset + 1;
                count++;
            }
        }
        catch (InvalidDataException e)
        {
            findings.Add("damaged records were served", $"from {next} on: {e.Message}");
        }

        findings.Require(count > 0, "reads gave nothing", $"{offset}: {answer.ErrorCode}");
        return (next, count);
    }

    private bool IsDamaged(long offset) => damaged.Any(batch => offset >= batch.BaseOffset && offset < batch.NextOffset);
}
