using System.Globalization;

namespace Groundwork.Platform.Caching.Drills;

/// <summary>What readers saw of the hot key: how often, and when the last read began that got each version. Not for concurrent use.</summary>
internal sealed class HotKeyReads
{
    private readonly Dictionary<long, long> _lastBegan = [];

    /// <summary>How many reads there were.</summary>
    public long Count { get; private set; }

    /// <summary>When the last read of each version began, in the machine's ticks.</summary>
    public IEnumerable<(long Version, long Began)> LastBegan => _lastBegan.Select(l => (l.Key, l.Value));

    /// <summary>Those of several.</summary>
    public static HotKeyReads Sum(IEnumerable<HotKeyReads> all)
    {
        var sum = new HotKeyReads();
        foreach (var reads in all)
        {
            foreach (var (version, began) in reads.LastBegan)
                sum.Add(version, began);
            sum.Count += reads.Count - reads._lastBegan.Count;
        }

        return sum;
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static HotKeyReads Parse(string line)
    {
        var words = line.Split(' ');
        var reads = new HotKeyReads { Count = Number(words[0]) };
        foreach (var word in words.Skip(1))
            reads._lastBegan.Add(Number(word.Split(':')[0]), Number(word.Split(':')[1]));
        return reads;
    }

    /// <summary>One more.</summary>
    public void Add(long version, long began)
    {
        Count++;
        _lastBegan[version] = Math.Max(began, _lastBegan.GetValueOrDefault(version));
    }

    /// <summary>On a line.</summary>
    public override string ToString() => string.Join(' ', _lastBegan
        .Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Key}:{l.Value}"))
        .Prepend(Count.ToString(CultureInfo.InvariantCulture)));

    private static long Number(string word) => long.Parse(word, CultureInfo.InvariantCulture);
}
