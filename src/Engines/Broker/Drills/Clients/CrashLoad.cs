using System.Globalization;
using Groundwork.Broker.Protocol;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Drills.Clients;

/// <summary>Producers and a group's commits that outlive the broker: it is killed under them, started again, and compared with what they know.</summary>
internal sealed class CrashLoad
{
    private const string Group = "readers";

    private readonly Findings _findings;
    private readonly List<Producer> _producers;
    private readonly Committing _committing;

    /// <param name="producers">How many, each over a connection of its own.</param>
    /// <param name="partitions">How many the topic has.</param>
    /// <param name="findings">What must not be.</param>
    public CrashLoad(int producers, int partitions, Findings findings)
    {
        (_findings, Partitions) = (findings, partitions);
        _producers = [.. Enumerable.Range(0, producers).Select(id => new Producer(id, Topic, partitions, findings))];
        _committing = new Committing(Group, Topic, findings);
    }

    /// <summary>The topic.</summary>
    public const string Topic = "drill";

    /// <summary>How many partitions it has.</summary>
    public int Partitions { get; }

    /// <summary>Makes the topic, if it is not there.</summary>
    public async Task PrepareAsync(int port, CancellationToken cancellationToken)
    {
        using var client = await BrokerClient.ConnectAsync(port, cancellationToken);
        await DrillTopic.CreateAsync(client, Topic, Partitions, cancellationToken, ("segment.bytes", "1048576"));
    }

    /// <summary>Lets all of them work until so many batches were acknowledged, and the broker is ended in the middle of what they then do.</summary>
    public async Task RunAsync(int port, Random random, int batches, Func<Task> kill, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        var working = _producers
            .Select(producer => (producer, own: new Random(random.Next())))
            .Select(pair => Task.Run(() => pair.producer.WorkAsync(port, pair.own, Acknowledged, ending.Token), cancellationToken))
            .Append(Task.Run(() => _committing.WorkAsync(port, ending.Token), cancellationToken))
            .ToList();

        // Where all of them end before that, something is wrong, and is found.
        _ = await Task.WhenAny(reached.Task, Task.WhenAll(working));
        await kill();
        await ending.CancelAsync();
        await Task.WhenAll(working);

        void Acknowledged()
        {
            if (Interlocked.Increment(ref count) == batches)
                reached.SetResult();
        }
    }

    /// <summary>Sends what was not answered again.</summary>
    public async Task ResolveAsync(int port, CancellationToken cancellationToken)
    {
        foreach (var producer in _producers)
        {
            using var client = await BrokerClient.ConnectAsync(port, cancellationToken);
            await producer.ResolveAsync(client, () => { });
        }
    }

    /// <summary>Compares all that is there with all that was acknowledged.</summary>
    public async Task CheckAsync(int port, CancellationToken cancellationToken)
    {
        using var client = await BrokerClient.ConnectAsync(port, cancellationToken);
        await _committing.CheckAsync(client, cancellationToken);
        for (var partition = 0; partition < Partitions; partition++)
        {
            var (records, error) = await DrillTopic.ReadAsync(client, Topic, partition, 0, cancellationToken);
            _findings.Require(error == ErrorCode.None, "partitions cannot be read to their end", $"{partition}, behind {records.Count} records: {error}");
            var mine = _producers.Select(_ => new List<(long Offset, int Number)>()).ToList();
            foreach (var (offset, value) in records)
            {
                if (Producer.Parse(value, partition) is { } record && record.Producer < mine.Count)
                    mine[record.Producer].Add((offset, record.Number));
                else
                    _findings.Add("records were never sent", value);
            }

            for (var i = 0; i < mine.Count; i++)
                _producers[i].Check(partition, mine[i]);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{_producers.Sum(producer => producer.Acknowledged):N0} records and {_committing.Acknowledged:N0} commits were acknowledged");
}
