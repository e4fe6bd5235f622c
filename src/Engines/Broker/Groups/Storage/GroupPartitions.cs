namespace Groundwork.Broker.Groups.Storage;

/// <summary>In which partition of the groups' log a group lies: where any Kafka client or tool would look for it.</summary>
internal static class GroupPartitions
{
    /// <summary>The partition of a group.</summary>
    /// <param name="group">Its name.</param>
    /// <param name="partitions">How many there are.</param>
    public static int Of(string group, int partitions)
    {
        // Java's String.hashCode: over UTF-16 units, modulo 2^32.
        var hash = 0;
        foreach (var unit in group)
            hash = unchecked((hash * 31) + unit);

        // The least number has no absolute value; Kafka takes 0 for it.
        return (hash == int.MinValue ? 0 : Math.Abs(hash)) % partitions;
    }
}
