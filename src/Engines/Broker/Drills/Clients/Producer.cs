using System.Globalization;
using System.Text;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Drills.Clients;

/// <summary>
/// An idempotent producer that numbers its records in each partition, and keeps what was acknowledged over all lives of the broker.
/// Up to five batches are under way; those that a kill left without an answer are sent again as they were, before anything new.
/// </summary>
/// <remarks>Some records have keys. A record says who sent it, to which partition, and its number: so what is read tells all. Not for concurrent use.</remarks>
internal sealed class Producer(int id, string topic, int partitions, Findings findings)
{
    private const int MostRecords = 4;
    private const int MostFill = 700;

    private readonly int[] _sent = new int[partitions];
    private readonly int[] _acknowledged = new int[partitions];
    private readonly List<(long Offset, int Number)>[] _places = [.. Enumerable.Range(0, partitions).Select(_ => new List<(long, int)>())];
    private readonly Queue<Batch> _underWay = new();
    private long _producerId = RecordBatch.None;

    /// <summary>How many of its records were acknowledged in all.</summary>
    public int Acknowledged => _acknowledged.Sum();

    /// <summary>Whether it waits for answers that a kill took away.</summary>
    public bool IsInDoubt => _underWay.Count > 0;

    /// <summary>Sends until it is stopped or the broker is gone.</summary>
    /// <param name="port">Where the broker is in this life.</param>
    /// <param name="random">What it sends, and where.</param>
    /// <param name="acknowledged">Is called with each answer.</param>
    /// <param name="cancellationToken">Ends it between two answers.</param>
    public async Task WorkAsync(int port, Random random, Action acknowledged, CancellationToken cancellationToken)
    {
        try
        {
            using var client = await BrokerClient.ConnectAsync(port, CancellationToken.None);
            await ResolveAsync(client, acknowledged);
            while (!cancellationToken.IsCancellationRequested && findings.IsClean)
            {
                for (var i = random.Next(1, ProducerState.Kept + 1); i > 0; i--)
                    _underWay.Enqueue(Next(random));
                await ExchangeAsync(client, acknowledged);
            }
        }
        catch (IOException)
        {
            // The broker is gone.
        }
    }

    /// <summary>Sends what was not answered again, and waits for the answers.</summary>
    public async Task ResolveAsync(BrokerClient client, Action acknowledged)
    {
        if (_producerId < 0)
            _producerId = await DrillTopic.NewProducerAsync(client, CancellationToken.None);
        await ExchangeAsync(client, acknowledged);
    }

    /// <summary>Compares what a partition holds with what it sent there.</summary>
    /// <param name="partition">Which.</param>
    /// <param name="there">What was read: the place and number of each of its records.</param>
    public void Check(int partition, IReadOnlyList<(long Offset, int Number)> there)
    {
        var numbers = new HashSet<int>();
        var next = 0;
        foreach (var (offset, number) in there)
        {
            findings.Require(number < _sent[partition], "records were never sent", Name(partition, number));
            if (!numbers.Add(number))
                findings.Add("records are there twice", $"{Name(partition, number)} at {offset}");
            else
                findings.Require(number >= next, "records are out of order", $"{Name(partition, number)} at {offset}");
            next = Math.Max(next, number + 1);
        }

        for (var number = 0; number < _acknowledged[partition]; number++)
            findings.Require(numbers.Contains(number), "acknowledged records are lost", Name(partition, number));
        var byOffset = there.ToDictionary(record => record.Offset, record => record.Number);
        foreach (var (offset, number) in _places[partition])
        {
            findings.Require(
                byOffset.GetValueOrDefault(offset, -1) == number, "records are not where it was acknowledged that they are", $"{Name(partition, number)} at {offset}");
        }
    }

    /// <summary>Which producer's record it is, and its number; null where nobody sent it.</summary>
    public static (int Producer, int Number)? Parse(string value, int partition)
    {
        var parts = value.Split('/');
        return parts.Length == 4 && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var producer)
            && parts[1] == partition.ToString(CultureInfo.InvariantCulture) && int.TryParse(parts[2], CultureInfo.InvariantCulture, out var number)
            ? (producer, number)
            : null;
    }

    private Batch Next(Random random)
    {
        var partition = random.Next(partitions);
        var first = _sent[partition];
        var builder = new BatchBuilder();
        for (var i = random.Next(1, MostRecords + 1); i > 0; i--)
        {
            var number = _sent[partition]++;
            var key = number % 2 == 0 ? Encoding.UTF8.GetBytes($"key-{number % 7}") : default(ReadOnlyMemory<byte>?);
            builder.Add(0, key, Encoding.UTF8.GetBytes($"{Name(partition, number)}/{new string('x', random.Next(MostFill))}"));
        }

        return new Batch(partition, first, builder.Count, builder.Build(producerId: _producerId, producerEpoch: 0, baseSequence: first));
    }

    private async Task ExchangeAsync(BrokerClient client, Action acknowledged)
    {
        foreach (var batch in _underWay)
            await client.SendAsync(DrillTopic.Produce(topic, batch.Partition, batch.Bytes), CancellationToken.None);
        while (_underWay.TryPeek(out var batch))
        {
            var answer = (await client.ReceiveAsync<ProduceResponse>(ApiKey.Produce, CancellationToken.None)).Responses[0].PartitionResponses[0];
            findings.Require(answer.ErrorCode == ErrorCode.None, "batches were refused while nothing was wrong", $"{Name(batch.Partition, batch.First)}: {answer.ErrorCode}, {answer.ErrorMessage}");
            _ = _underWay.Dequeue();
            if (answer.ErrorCode != ErrorCode.None)
                continue;
            _acknowledged[batch.Partition] = batch.First + batch.Count;
            _places[batch.Partition].Add((answer.BaseOffset, batch.First));
            acknowledged();
        }
    }

    private string Name(int partition, int number) => string.Create(CultureInfo.InvariantCulture, $"{id}/{partition}/{number}");

    private sealed record Batch(int Partition, int First, int Count, byte[] Bytes);
}
