namespace Groundwork.Platform.Caching;

/// <summary>
/// Which keys this process asks a cache for so often that one node of it should not answer alone: those with about <see cref="PerSecond"/>
/// reads a second that nothing near has answered.
/// </summary>
/// <remarks>
/// A hash names a key's place, and of those that share one whoever is read in most of its reads is counted (R. Boyer and J. Moore, "MJRTY: a fast majority
/// vote algorithm", 1991); two hot ones in one place are not found, which is once in as many keys as there are places. Counts are halved each
/// second. A key becomes hot when its count is that of a second of such reads, and is so until it is a quarter of that, so
/// that it does not change with each second. Safe for concurrent use; <see cref="Has"/> takes no lock.
/// </remarks>
/// <param name="time">The clock.</param>
internal sealed class HotReads(TimeProvider time)
{
    /// <summary>How many reads a second make a key hot; the half of them at least.</summary>
    public const int PerSecond = 100;

    private const int Places = 256;
    private const int MostTurns = 31;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ulong[] _keys = new ulong[Places];
    private readonly int[] _counts = new int[Places];
    private readonly ulong[] _hot = new ulong[Places];
    private long _turned = time.GetTimestamp();

    /// <summary>Whether a key is hot.</summary>
    /// <param name="hash">Of the key; not 0.</param>
    public bool Has(ulong hash) => Volatile.Read(ref _hot[hash % Places]) == hash;

    /// <summary>Counts a read that nothing near has answered.</summary>
    public void Add(ulong hash)
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_turned) is var passed && passed >= Second)
            {
                Halve((int)Math.Min(MostTurns, passed.Ticks / Second.Ticks));
                _turned = time.GetTimestamp();
            }

            var place = (int)(hash % Places);
            if (_keys[place] == hash)
                _counts[place]++;
            else if (--_counts[place] < 0)
                (_keys[place], _counts[place]) = (hash, 1);
            if (_counts[place] >= PerSecond)
                Volatile.Write(ref _hot[place], _keys[place]);
        }
    }

    private void Halve(int times)
    {
        for (var place = 0; place < Places; place++)
        {
            _counts[place] >>= times;
            if (_counts[place] < PerSecond / 4)
                Volatile.Write(ref _hot[place], 0);
        }
    }
}
