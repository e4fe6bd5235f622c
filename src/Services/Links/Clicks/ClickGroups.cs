using System.Runtime.InteropServices;
using System.Text;

namespace Groundwork.Links.Clicks;

/// <summary>Clicks by a dimension's values, added up over many rollups. Not for concurrent use.</summary>
/// <remarks>Rollups are many and values few, so a value becomes a string only where it is met for the first time.</remarks>
internal sealed class ClickGroups
{
    private readonly ClickDimension _dimension;
    private readonly Dictionary<string, long> _clicks = [];
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _byText;

    /// <param name="dimension">Whose values they are.</param>
    public ClickGroups(ClickDimension dimension) => (_dimension, _byText) = (dimension, _clicks.GetAlternateLookup<ReadOnlySpan<char>>());

    /// <summary>Adds the clicks of a value.</summary>
    /// <param name="value">UTF-8, of at most <see cref="Rollup.MaxValueBytes"/>.</param>
    /// <param name="clicks">How many.</param>
    public void Add(ReadOnlySpan<byte> value, long clicks)
    {
        Span<char> text = stackalloc char[Rollup.MaxValueBytes];
        var length = Encoding.UTF8.GetChars(value, text);
        CollectionsMarshal.GetValueRefOrAddDefault(_byText, text[..length], out _) += clicks;
    }

    /// <summary>The largest <see cref="Rollup.MaxValues"/>, the largest first; the clicks of the rest are among <c>other</c>.</summary>
    public IReadOnlyList<StatsGroup> Largest()
    {
        var named = _clicks.Where(g => g.Key != Rollup.Other)
            .OrderByDescending(g => g.Value).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new StatsGroup(_dimension, g.Key, g.Value)).ToList();
        var other = _clicks.GetValueOrDefault(Rollup.Other) + named.Skip(Rollup.MaxValues).Sum(g => g.Clicks);
        List<StatsGroup> groups = [.. named.Take(Rollup.MaxValues)];
        if (other > 0)
            groups.Insert(groups.FindIndex(g => g.Clicks < other) is >= 0 and var at ? at : groups.Count, new StatsGroup(_dimension, Rollup.Other, other));
        return groups;
    }
}
