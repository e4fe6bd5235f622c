namespace Groundwork.Links.Clicks;

/// <summary>
/// The names of parts that were counted from a topic: whoever counts a window of a partition gives its parts the same one. They are below -1, other parts' from 0 on.
/// </summary>
internal static class PartName
{
    /// <summary>Partitions are below this.</summary>
    public const int MaxPartitions = 1 << PartitionBits;

    private const int PartitionBits = 20;

    /// <summary>The name of a window's parts.</summary>
    /// <param name="partition">The partition's number.</param>
    /// <param name="window">How many windows of it were finished before.</param>
    public static long Of(int partition, long window) => -2 - ((window << PartitionBits) | (uint)partition);

    /// <summary>Whether it is a name of this kind.</summary>
    public static bool IsOfTopic(long name) => name < -1;

    /// <summary>Whether a part's window is among those that are finished.</summary>
    /// <param name="name">The part's name.</param>
    /// <param name="finished">Of each partition, how many windows are.</param>
    public static bool IsFinished(long name, IReadOnlyDictionary<int, long> finished)
    {
        var bits = -2 - name;
        return finished.TryGetValue((int)(bits & (MaxPartitions - 1)), out var windows) && bits >> PartitionBits < windows;
    }
}
