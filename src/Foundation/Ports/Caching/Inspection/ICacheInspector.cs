namespace Groundwork.Ports.Caching.Inspection;

/// <summary>
/// Looks into the embedded cache without being one of its clients: what is there, who is asked for most, what more memory would give.
/// </summary>
/// <remarks>
/// <para>Looking leaves no trace: it counts neither as a hit nor as a use, so that nothing stays for having been looked at. Each call does a
/// bounded amount of work, and holds up one part of the keys at a time, for microseconds.</para>
/// <para>Safe for any number of concurrent callers.</para>
/// </remarks>
public interface ICacheInspector
{
    /// <summary>The spaces that there are, the clients' databases first, then in the order of their opening. None ever goes.</summary>
    IReadOnlyList<ISpaceInspector> Spaces { get; }

    /// <summary>How its server is.</summary>
    CacheServerState ReadServer();

    /// <summary>The commands that took long, the newest first.</summary>
    /// <param name="count">How many at most.</param>
    IReadOnlyList<SlowLogEntry> ReadSlowLog(int count);
}

/// <summary>Looks into one space. Databases are numbered from 0; only the clients' space has more than one.</summary>
public interface ISpaceInspector
{
    /// <summary>Its name; empty for the clients' databases.</summary>
    string Name { get; }

    /// <summary>How many databases it has.</summary>
    int Databases { get; }

    /// <summary>What is counted and held.</summary>
    SpaceState Read();

    /// <summary>Some of its keys, in no order. Every key that is there from the first page to the last is shown at least once.</summary>
    KeyPage ReadKeys(KeyQuery query);

    /// <summary>A key with a part of what it holds; null where it is not there.</summary>
    KeyDetail? ReadKey(int database, ReadOnlySpan<byte> key, ElementQuery query);

    /// <summary>Removes a key as a client's DEL does: whoever watches, tracks or would fill it is told.</summary>
    /// <param name="database">Its database.</param>
    /// <param name="key">The key.</param>
    /// <param name="version">Which <see cref="KeyDetail.Version"/> it must have; null for whatever it has.</param>
    KeyRemoval RemoveKey(int database, ReadOnlySpan<byte> key, ulong? version);

    /// <summary>The keys that are read most, by samples of what is read.</summary>
    /// <param name="count">How many at most.</param>
    HotKeys ReadHotKeys(int count);

    /// <summary>What share of lookups would miss with other bounds.</summary>
    MissRatioCurve ReadMissRatio();
}
