using System.Collections.Concurrent;
using Groundwork.Ports.Messaging;

namespace Groundwork.Platform.Messaging.Readers;

/// <summary>
/// The readers of the command line: a process of its own, which asks for records and so says that it is done with those before. Safe for
/// concurrent callers.
/// </summary>
/// <remarks>Bounded: <see cref="Max"/> readers; one that was not asked for a minute is closed, since its command has died.</remarks>
internal sealed class RecordReaders : IAsyncDisposable
{
    /// <summary>How many there may be.</summary>
    public const int Max = 64;

    // Of all partitions together: what one reads ahead is the least that a reader may have.
    private const int MaxPartitions = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // A member of a group holds partitions that others would read.
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, RecordReader> _readers = new(StringComparer.Ordinal);
    private readonly IBroker _broker;
    private readonly TimeProvider _time;
    private readonly ITimer _sweeper;

    public RecordReaders(IBroker broker, TimeProvider time)
    {
        (_broker, _time) = (broker, time);
        _sweeper = time.CreateTimer(static self => _ = ((RecordReaders)self!).SweepAsync(), this, SweepInterval, SweepInterval);
    }

    /// <summary>Opens one on a topic, or on one of its partitions.</summary>
    /// <returns>Its id; null where there are too many.</returns>
    public async Task<string?> OpenAsync(string topic, int? partition, ReadStart start, CancellationToken cancellationToken)
    {
        var found = await _broker.FindTopicAsync(topic, cancellationToken) ?? throw NoTopic(topic);
        if (partition is null && found.Partitions > MaxPartitions)
            throw new BrokerException(BrokerFault.Refused, $"{topic} has {found.Partitions} partitions; {MaxPartitions} are read at once: name one.");
        int[] partitions = partition is { } one ? [one] : [.. Enumerable.Range(0, found.Partitions)];
        var ranges = new Dictionary<TopicPartition, OffsetRange>();
        foreach (var number in partitions)
            ranges.Add(new TopicPartition(topic, number), await _broker.RangeAsync(topic, number, cancellationToken));
        return await AddAsync(new PartitionsReader(_broker, topic, partitions, start, ranges, _time));
    }

    /// <summary>Comes into a group.</summary>
    /// <inheritdoc cref="OpenAsync"/>
    public async Task<string?> JoinAsync(string group, string topic, ReadStartKind start, CancellationToken cancellationToken)
    {
        _ = await _broker.FindTopicAsync(topic, cancellationToken) ?? throw NoTopic(topic);
        var options = new MemberOptions { Start = start, Read = new ReadOptions { OnGap = GapAction.Earliest } };
        return await AddAsync(new MemberReader(_broker, group, await _broker.JoinAsync(group, [topic], options, cancellationToken), start, _time));
    }

    /// <summary>A reader; null where there is none of that id.</summary>
    public RecordReader? Find(string id) => _readers.GetValueOrDefault(id);

    /// <summary>Ends a reader; false where there is none of that id.</summary>
    /// <param name="id">Which.</param>
    /// <param name="isDone">Whether what it gave last is done.</param>
    /// <param name="cancellationToken">Ends the wait for what is done to be noted.</param>
    public async Task<bool> CloseAsync(string id, bool isDone = false, CancellationToken cancellationToken = default)
    {
        if (!_readers.TryRemove(id, out var reader))
            return false;
        await using (reader)
        {
            if (isDone)
                await reader.TakeAsync(0, TimeSpan.Zero, cancellationToken);
        }

        return true;
    }

    /// <summary>Ends all of them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _sweeper.DisposeAsync();
        foreach (var id in _readers.Keys)
            await CloseAsync(id);
    }

    private static BrokerException NoTopic(string topic) => new(BrokerFault.NoSuchTopic, $"There is no topic {topic}. `groundwork topics create {topic}` makes it.");

    private async Task SweepAsync()
    {
        foreach (var (id, reader) in _readers)
        {
            try
            {
                if (reader.Rests > Patience)
                    await CloseAsync(id);
            }
            catch (BrokerException)
            {
                // It could not say that it leaves: its session ends by itself.
            }
        }
    }

    private async Task<string?> AddAsync(RecordReader reader)
    {
        var added = Guid.NewGuid().ToString("N");
        if (_readers.Count < Max && _readers.TryAdd(added, reader))
            return added;
        await reader.DisposeAsync();
        return null;
    }
}
