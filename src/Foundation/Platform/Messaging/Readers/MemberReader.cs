using Groundwork.Ports.Messaging;

namespace Groundwork.Platform.Messaging.Readers;

/// <summary>Reads as a member of a group: what was given is committed when the next records are asked for, so that whoever dies with them in hand loses none.</summary>
internal sealed class MemberReader(IBroker broker, string group, IGroupMember member, ReadStartKind start, TimeProvider time) : RecordReader(time)
{
    private readonly PendingRead _read = new(member.ReadAsync);
    private readonly Dictionary<TopicPartition, IncomingRecord> _given = [];
    private readonly Dictionary<TopicPartition, long> _next = [];
    private readonly Dictionary<TopicPartition, long> _ends = [];

    /// <inheritdoc/>
    public override async Task<bool> IsAtEndAsync(CancellationToken cancellationToken)
    {
        if (member.Assigned is not { Count: > 0 } assigned)
            return false;
        var committed = (await broker.LagAsync(group, cancellationToken)).ToDictionary(lag => new TopicPartition(lag.Topic, lag.Partition), lag => lag.Committed);
        foreach (var partition in assigned)
        {
            // What comes after it was given a partition is no part of what was there.
            var range = await broker.RangeAsync(partition.Topic, partition.Partition, cancellationToken);
            _ends.TryAdd(partition, range.End);
            var at = Math.Max(
                _next.GetValueOrDefault(partition),
                committed.TryGetValue(partition, out var offset) ? offset : start == ReadStartKind.Latest ? range.End : range.Start);
            if (at < _ends[partition])
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    protected override async Task DoneAsync(CancellationToken cancellationToken)
    {
        if (_given.Count == 0)
            return;
        IncomingRecord[] done = [.. _given.Values];
        _given.Clear();
        try
        {
            await member.CommitAsync(done, cancellationToken);
        }
        catch (BrokerException e) when (e.Fault == BrokerFault.Revoked)
        {
            // They are another member's by now, who reads them again.
        }
    }

    /// <inheritdoc/>
    protected override void Given(IncomingRecord record)
    {
        var partition = new TopicPartition(record.Topic, record.Partition);
        _given[partition] = record;
        _next[partition] = record.Offset + 1;
    }

    /// <inheritdoc/>
    protected override async Task<IncomingRecord?> NextAsync(TimeSpan wait, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            if (!_read.Next.IsCompleted && wait > TimeSpan.Zero)
                await _read.Next.WaitAsync(wait, clock, cancellationToken);
            return _read.Next.IsCompleted && await _read.Next ? _read.Take() : null;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    // What was not asked behind is not committed; it comes again to whoever reads next.
    /// <inheritdoc/>
    protected override async Task EndAsync()
    {
        await _read.DisposeAsync();
        await member.DisposeAsync();
    }
}
