using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Groundwork.Primitives;

namespace Groundwork.Links.Clicks;

/// <summary>
/// What happened to a link within a time: counts by kind, clicks by each dimension's values, and a sketch of the visitors. Two
/// are added up by <see cref="MergeFrom(ReadOnlySpan{byte})"/>. Not for concurrent use.
/// </summary>
/// <remarks>Its bytes are described in docs/formats/click-rollup.md.</remarks>
internal sealed class Rollup
{
    /// <summary>How many values of a dimension are told apart, beside <see cref="Other"/>, as which the clicks of further ones
    /// count.</summary>
    public const int MaxValues = 100;

    /// <summary>How many of the largest a day's sum keeps of each dimension, beside <see cref="Other"/>.</summary>
    public const int MaxValuesOfDay = 1000;

    /// <summary>How long a value is at most, in characters.</summary>
    public const int MaxValueLength = 64;

    /// <summary>What has no place of its own.</summary>
    public const string Other = "other";

    /// <summary>How long a value is at most, in bytes of UTF-8.</summary>
    public const int MaxValueBytes = 4 * MaxValueLength;

    /// <summary>How many dimensions there are.</summary>
    public const int Dimensions = 6;

    /// <summary>The first byte.</summary>
    public const byte Version = 1;

    private const int Kinds = 4;

    private readonly long[] _kinds = new long[Kinds];
    private readonly Dictionary<(ClickDimension Dimension, string Value), long> _values = [];
    private readonly int[] _distinct = new int[Dimensions];
    private readonly int _maxValues;

    /// <summary>One without clicks.</summary>
    /// <param name="maxValues">How many values of a dimension are told apart.</param>
    public Rollup(int maxValues = MaxValues) => _maxValues = maxValues;

    /// <summary>Who clicked.</summary>
    public HyperLogLog Visitors { get; } = new();

    /// <summary>About how much memory it takes, in bytes.</summary>
    public int MemoryBytes => 320 + (_values.Count * 96) + Visitors.MemoryBytes;

    /// <summary>The clicks by value of each dimension.</summary>
    public IEnumerable<KeyValuePair<(ClickDimension Dimension, string Value), long>> Values => _values;

    /// <summary>How many there were of a kind.</summary>
    public long this[ClickKind kind] => _kinds[(int)kind];

    /// <summary>Forgets all clicks.</summary>
    public void Clear()
    {
        Array.Clear(_kinds);
        _values.Clear();
        Array.Clear(_distinct);
        Visitors.Clear();
    }

    /// <summary>Adds to a kind.</summary>
    public void Add(ClickKind kind, long count = 1) => _kinds[(int)kind] += count;

    /// <summary>Adds to a dimension's value.</summary>
    public void Add(ClickDimension dimension, string value, long count = 1)
    {
        ref var there = ref CollectionsMarshal.GetValueRefOrNullRef(_values, (dimension, value));
        if (!Unsafe.IsNullRef(ref there))
        {
            there += count;
        }
        else if (value == Other)
        {
            _values[(dimension, value)] = count;
        }
        else if (_distinct[(int)dimension] < _maxValues)
        {
            _values[(dimension, value)] = count;
            _distinct[(int)dimension]++;
        }
        else
        {
            Add(dimension, Other, count);
        }
    }

    /// <summary>Tells only the largest values of each dimension apart; the clicks of the rest count as <see cref="Other"/>.</summary>
    public void KeepLargest(int count)
    {
        foreach (var dimension in Enum.GetValues<ClickDimension>().Where(d => _distinct[(int)d] > count))
        {
            var rest = _values.Where(v => v.Key.Dimension == dimension && v.Key.Value != Other)
                .OrderByDescending(v => v.Value).ThenBy(v => v.Key.Value, StringComparer.Ordinal).Skip(count).ToList();
            foreach (var (key, clicks) in rest)
            {
                _values.Remove(key);
                Add(dimension, Other, clicks);
            }

            _distinct[(int)dimension] = count;
        }
    }

    /// <summary>Adds another one's clicks.</summary>
    public void Merge(Rollup other)
    {
        for (var kind = 0; kind < Kinds; kind++)
            _kinds[kind] += other._kinds[kind];
        foreach (var ((dimension, value), count) in other._values)
            Add(dimension, value, count);
        Visitors.Merge(other.Visitors);
    }

    /// <summary>As it is stored.</summary>
    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>(128);
        WriteByte(output, Version);
        foreach (var count in _kinds)
            WriteNumber(output, (ulong)count);
        WriteNumber(output, (ulong)_values.Count);
        var sorted = _values.ToArray();
        Array.Sort(sorted, ByDimensionAndValue);
        foreach (var ((dimension, value), count) in sorted)
        {
            WriteByte(output, (byte)dimension);
            WriteNumber(output, (ulong)count);
            WriteNumber(output, (ulong)Encoding.UTF8.GetByteCount(value));
            output.Advance(Encoding.UTF8.GetBytes(value, output.GetSpan(Encoding.UTF8.GetMaxByteCount(value.Length))));
        }

        Visitors.WriteTo(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Adds what was stored.</summary>
    /// <exception cref="InvalidDataException">The bytes are no rollup.</exception>
    public void MergeFrom(ReadOnlySpan<byte> input)
    {
        var reader = new RollupReader(input);
        for (var kind = 0; kind < Kinds; kind++)
            _kinds[kind] += reader[(ClickKind)kind];
        while (reader.TryNext(out var dimension, out var value, out var clicks))
            Add(dimension, Encoding.UTF8.GetString(value), clicks);
        reader.MergeVisitors(Visitors);
    }

    private static int ByDimensionAndValue(
        KeyValuePair<(ClickDimension Dimension, string Value), long> x, KeyValuePair<(ClickDimension Dimension, string Value), long> y) =>
        x.Key.Dimension == y.Key.Dimension ? string.CompareOrdinal(x.Key.Value, y.Key.Value) : (int)x.Key.Dimension - (int)y.Key.Dimension;

    private static void WriteByte(ArrayBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    // Seven bits a byte, the lowest first; the high bit says that more follow (LEB128).
    private static void WriteNumber(ArrayBufferWriter<byte> output, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            WriteByte(output, (byte)(value | 0x80));
        WriteByte(output, (byte)value);
    }
}
