using BenchmarkDotNet.Attributes;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Bench.Packed;

/// <summary>A table of values beside a dictionary: 16 bytes to 16 bytes.</summary>
[MemoryDiagnoser]
public class PackedTableBench
{
    private readonly HashKey _key = new(1, 2);
    private readonly Dictionary<string, byte[]> _dictionary = [];
    private Members _members = null!;
    private TableRoot _root = new() { Shape = TableShape.Values };
    private int _next;

    [Params(1_000, 100_000)]
    public int Count { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _members = new Members(Count);
        var table = Table;
        foreach (var i in _members.Order)
        {
            table.Set(_members.Bytes[i], _members.Bytes[i]);
            _dictionary[_members.Texts[i]] = _members.Bytes[i];
        }
    }

    [Benchmark]
    public bool Get() => Table.Contains(_members.Bytes[Next()]);

    [Benchmark]
    public bool GetMissing() => Table.Contains(_members.Bytes[Count + Next()]);

    [Benchmark]
    public void Replace() => Table.Set(_members.Bytes[Next()], _members.Bytes[0]);

    [Benchmark]
    public void RemoveAndAdd()
    {
        var table = Table;
        var member = _members.Bytes[Next()];
        table.Remove(member);
        table.Set(member, member);
    }

    [Benchmark]
    public bool DictionaryGet() => _dictionary.ContainsKey(_members.Texts[Next()]);

    [Benchmark]
    public void DictionaryRemoveAndAdd()
    {
        var i = Next();
        _dictionary.Remove(_members.Texts[i]);
        _dictionary[_members.Texts[i]] = _members.Bytes[i];
    }

    private PackedTable Table => new(_members.Chunks, _key, ref _root);

    private int Next()
    {
        _next = _next + 1 == Count ? 0 : _next + 1;
        return _members.Order[_next];
    }
}
