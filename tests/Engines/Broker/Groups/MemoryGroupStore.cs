using System.Runtime.CompilerServices;
using Groundwork.Broker.Groups.Storage;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Groups;

/// <summary>A log in memory, which can be slow, can fail, and can lose what was not finished.</summary>
internal sealed class MemoryGroupStore(int partitions = 3) : IGroupStore
{
    private readonly Lock _gate = new();
    private readonly List<GroupRecord>[] _logs = [.. Enumerable.Range(0, partitions).Select(_ => new List<GroupRecord>())];
    private readonly List<(int Partition, GroupRecord[] Records, TaskCompletionSource<ErrorCode> Done)> _held = [];

    public int Partitions => partitions;

    /// <summary>Whether appends wait for <see cref="Finish"/>.</summary>
    public bool Holds { get; set; }

    /// <summary>What appends are answered.</summary>
    public ErrorCode Error { get; set; }

    /// <summary>Whether appends throw.</summary>
    public bool Throws { get; set; }

    /// <summary>How many records are durable.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _logs.Sum(log => log.Count);
        }
    }

    public ValueTask<ErrorCode> AppendAsync(int partition, ReadOnlyMemory<GroupRecord> records)
    {
        if (Throws)
            throw new IOException("The disk is gone.");
        lock (_gate)
        {
            if (Holds)
            {
                var done = new TaskCompletionSource<ErrorCode>();
                _held.Add((partition, records.ToArray(), done));
                return new ValueTask<ErrorCode>(done.Task);
            }

            if (Error == ErrorCode.None)
                _logs[partition].AddRange(records.Span);
            return new ValueTask<ErrorCode>(Error);
        }
    }

    /// <summary>Ends the appends that wait; those waiting are heard of last to first, if asked.</summary>
    public void Finish(ErrorCode error = ErrorCode.None, bool reversed = false)
    {
        List<TaskCompletionSource<ErrorCode>> done;
        lock (_gate)
        {
            if (error == ErrorCode.None)
            {
                foreach (var (partition, records, _) in _held)
                    _logs[partition].AddRange(records);
            }

            done = [.. _held.Select(append => append.Done)];
            _held.Clear();
        }

        if (reversed)
            done.Reverse();
        done.ForEach(append => append.SetResult(error));
    }

    public async IAsyncEnumerable<GroupRecord> ReadAsync(int partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var record in _logs[partition].ToArray())
            yield return record;
    }

    /// <summary>A record that somebody else wrote.</summary>
    public void Add(int partition, GroupRecord record) => _logs[partition].Add(record);

    /// <summary>How long each partition is; appends that wait have their place already, at its end.</summary>
    public int[] Ends()
    {
        lock (_gate)
            return [.. _logs.Select((log, partition) => log.Count + _held.Where(append => append.Partition == partition).Sum(append => append.Records.Length))];
    }

    /// <summary>Lets go of a partition's first records.</summary>
    public void DropFirst(int partition, int count)
    {
        lock (_gate)
            _logs[partition].RemoveRange(0, count);
    }

    /// <summary>Of each key the last record only, as compaction leaves it.</summary>
    public void Compact()
    {
        foreach (var log in _logs)
        {
            var kept = log.GroupBy(record => Convert.ToHexString(record.Key.Span)).Select(records => records.Last()).ToList();
            log.Clear();
            log.AddRange(kept);
        }
    }
}
