using BenchmarkDotNet.Attributes;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Bench.Packed;

/// <summary>A tree by score beside a sorted set, with members of 16 bytes; scores are all different, or all one.</summary>
[MemoryDiagnoser]
public class PackedSortedSetBench
{
    private readonly SortedSet<(double Score, string Member)> _sorted = new(Comparer<(double Score, string Member)>.Create((x, y) =>
        x.Score != y.Score ? x.Score.CompareTo(y.Score) : string.CompareOrdinal(x.Member, y.Member)));

    private Members _members = null!;
    private double[] _scores = null!;
    private TreeRoot _root;
    private int _next;

    [Params(1_000, 100_000)]
    public int Count { get; set; }

    [Params(true, false)]
    public bool Distinct { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _members = new Members(Count);
        var random = new Random(2);
        _scores = [.. Enumerable.Range(0, Count).Select(_ => Distinct ? random.NextDouble() : 0)];
        foreach (var i in _members.Order)
        {
            Set.Add(_scores[i], _members.Bytes[i]);
            _sorted.Add((_scores[i], _members.Texts[i]));
        }
    }

    [Benchmark]
    public long Rank()
    {
        var i = Next();
        return Set.RankOf(_scores[i], _members.Bytes[i]);
    }

    [Benchmark]
    public double ByRank() => Set[(uint)Next()].Score;

    [Benchmark]
    public void RemoveAndAdd()
    {
        var i = Next();
        Set.Remove(_scores[i], _members.Bytes[i]);
        Set.Add(_scores[i], _members.Bytes[i]);
    }

    [Benchmark]
    public void SortedSetRemoveAndAdd()
    {
        var i = Next();
        _sorted.Remove((_scores[i], _members.Texts[i]));
        _sorted.Add((_scores[i], _members.Texts[i]));
    }

    private PackedSortedSet Set => new(_members.Chunks, ref _root);

    private int Next()
    {
        _next = _next + 1 == Count ? 0 : _next + 1;
        return _members.Order[_next];
    }
}
