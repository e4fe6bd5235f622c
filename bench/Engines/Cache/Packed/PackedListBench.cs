using BenchmarkDotNet.Attributes;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Bench.Packed;

/// <summary>A list of items of 16 bytes, used as a queue either way and by index.</summary>
[MemoryDiagnoser]
public class PackedListBench
{
    private Members _members = null!;
    private TreeRoot _root;
    private int _next;

    [Params(1_000, 100_000)]
    public int Count { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _members = new Members(Count);
        foreach (var i in _members.Order)
            List.PushLast(_members.Bytes[i]);
    }

    [Benchmark]
    public void PushFirstPopLast()
    {
        var list = List;
        list.PushFirst(_members.Bytes[Next()]);
        list.RemoveRange(list.Count - 1, 1);
    }

    [Benchmark]
    public void PushLastPopFirst()
    {
        var list = List;
        list.PushLast(_members.Bytes[Next()]);
        list.RemoveRange(0, 1);
    }

    [Benchmark]
    public int Index() => List[(uint)Next()].Length;

    [Benchmark]
    public void InsertAndRemove()
    {
        var list = List;
        var i = Next();
        list.Insert((uint)i, _members.Bytes[i]);
        list.RemoveRange((uint)i, 1);
    }

    private PackedList List => new(_members.Chunks, ref _root);

    private int Next()
    {
        _next = _next + 1 == Count ? 0 : _next + 1;
        return _members.Order[_next];
    }
}
