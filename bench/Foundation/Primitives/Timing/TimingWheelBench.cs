using BenchmarkDotNet.Attributes;
using Groundwork.Primitives.Timing;

namespace Groundwork.Primitives.Bench.Timing;

/// <summary>A million entries that expire within the hour: one gets a new deadline, and a millisecond passes; beside a sorted set.</summary>
[MemoryDiagnoser]
public class TimingWheelBench
{
    private const uint Entries = 1_000_000;
    private const int Life = 60 * 60 * 1000;

    private readonly Random _random = new(1);
    private readonly Nodes _nodes = new(new Node[Entries + 1]);
    private readonly long[] _deadlines = new long[Entries + 1];
    private readonly SortedSet<(long Deadline, uint Handle)> _set = [];
    private TimingWheel<Nodes> _wheel = null!;
    private Sink _sink;
    private long _now;

    [GlobalSetup]
    public void Prepare()
    {
        _wheel = new TimingWheel<Nodes>(_nodes, 0);
        _sink = new Sink(_wheel, _nodes);
        for (var handle = 1u; handle <= Entries; handle++)
        {
            _nodes.All[handle].Deadline = _deadlines[handle] = _random.Next(Life);
            _wheel.Add(handle);
            _set.Add((_deadlines[handle], handle));
        }
    }

    [Benchmark(Baseline = true)]
    public void ChangeInSortedSet()
    {
        var handle = (uint)_random.Next(1, (int)Entries + 1);
        _set.Remove((_deadlines[handle], handle));
        _deadlines[handle] = _now + _random.Next(Life);
        _set.Add((_deadlines[handle], handle));
    }

    [Benchmark]
    public void Change()
    {
        var handle = (uint)_random.Next(1, (int)Entries + 1);
        _wheel.Remove(handle);
        _nodes.All[handle].Deadline = _now + _random.Next(Life);
        _wheel.Add(handle);
    }

    /// <summary>Every entry is added again when it is due, an hour later: about one in four milliseconds.</summary>
    [Benchmark]
    public bool PassOneMillisecond() => _wheel.Advance(++_now, 1_000, ref _sink);

    private struct Node
    {
        public long Deadline;
        public uint Next;
        public uint Previous;
    }

    private readonly struct Sink(TimingWheel<Nodes> wheel, Nodes nodes) : ITimerSink
    {
        public void Due(uint handle)
        {
            nodes.All[handle].Deadline += Life;
            wheel.Add(handle);
        }
    }

    private readonly struct Nodes(Node[] nodes) : ITimerNodes
    {
        public Node[] All => nodes;

        public long Deadline(uint handle) => nodes[handle].Deadline;

        public uint Next(uint handle) => nodes[handle].Next;

        public void SetNext(uint handle, uint next) => nodes[handle].Next = next;

        public uint Previous(uint handle) => nodes[handle].Previous;

        public void SetPrevious(uint handle, uint previous) => nodes[handle].Previous = previous;
    }
}
