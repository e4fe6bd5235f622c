using Groundwork.Ports.Messaging;

namespace Groundwork.Platform.Messaging.Readers;

/// <summary>Reads partitions of a topic in turn, in no group.</summary>
internal sealed class PartitionsReader : RecordReader
{
    private readonly PendingRead[] _reads;
    private readonly Dictionary<TopicPartition, long> _left;
    private int _turn;

    /// <param name="broker">Where they are.</param>
    /// <param name="topic">Whose.</param>
    /// <param name="partitions">Which.</param>
    /// <param name="start">Where each begins.</param>
    /// <param name="ranges">What each has now: at the end of that it is at its end.</param>
    /// <param name="time">The clock.</param>
    public PartitionsReader(
        IBroker broker, string topic, IReadOnlyList<int> partitions, ReadStart start, IReadOnlyDictionary<TopicPartition, OffsetRange> ranges, TimeProvider time)
        : base(time)
    {
        // Who names an offset wants that one.
        var onGap = start.Kind == ReadStartKind.Offset ? GapAction.Stop : GapAction.Earliest;
        var options = new ReadOptions { OnGap = onGap, MaxBufferedBytes = BrokerLimits.MinBufferedBytes };
        _reads = [.. partitions.Select(partition => new PendingRead(end => broker.ReadAsync(topic, partition, start, options, end)))];

        // Of a partition that is begun behind its end nothing is to come.
        _left = ranges.Where(range => range.Value.End > range.Value.Start && start.Kind != ReadStartKind.Latest && (start.Kind != ReadStartKind.Offset || start.Value < range.Value.End))
            .ToDictionary(range => range.Key, range => range.Value.End);
    }

    /// <inheritdoc/>
    // Where nothing is ready nothing is there: of a time that is later than all that there is, nothing ever was.
    public override Task<bool> IsAtEndAsync(CancellationToken cancellationToken) => Task.FromResult(_left.Count == 0 || _reads.All(read => !read.Next.IsCompleted));

    /// <inheritdoc/>
    protected override void Given(IncomingRecord record)
    {
        var partition = new TopicPartition(record.Topic, record.Partition);
        if (_left.TryGetValue(partition, out var end) && record.Offset + 1 >= end)
            _left.Remove(partition);
    }

    /// <inheritdoc/>
    protected override async Task<IncomingRecord?> NextAsync(TimeSpan wait, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Ready() is null && wait > TimeSpan.Zero)
        {
            try
            {
                await Task.WhenAny(_reads.Select(read => read.Next)).WaitAsync(wait, clock, cancellationToken);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }

        if (Ready() is not { } ready)
            return null;
        return await ready.Next ? ready.Take() : null;
    }

    /// <inheritdoc/>
    protected override async Task EndAsync()
    {
        foreach (var read in _reads)
            await read.DisposeAsync();
    }

    private PendingRead? Ready()
    {
        for (var i = 0; i < _reads.Length; i++)
        {
            var read = _reads[(_turn + i) % _reads.Length];
            if (!read.Next.IsCompleted)
                continue;
            _turn = (_turn + i) % _reads.Length;
            return read;
        }

        return null;
    }
}
