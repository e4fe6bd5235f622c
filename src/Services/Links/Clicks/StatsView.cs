namespace Groundwork.Links.Clicks;

/// <summary>What happened to a link.</summary>
/// <param name="From">From when: the beginning of an hour.</param>
/// <param name="To">Until before when: the beginning of an hour.</param>
/// <param name="Interval">How long the buckets of the series are.</param>
/// <param name="Total">In all of that time.</param>
/// <param name="Series">Bucket by bucket, empty ones too.</param>
/// <param name="GroupBy">By what the groups are told apart, as it was asked for.</param>
/// <param name="Groups">Clicks by value, one dimension after the other, the largest first; what has no place of its own is under <c>other</c>.</param>
internal sealed record StatsView(
    DateTimeOffset From,
    DateTimeOffset To,
    StatsInterval Interval,
    StatsTotals Total,
    IReadOnlyList<StatsBucket> Series,
    string? GroupBy,
    IReadOnlyList<StatsGroup>? Groups);

/// <summary>What happened in all of the time.</summary>
/// <param name="Clicks">How often somebody followed the link.</param>
/// <param name="Visitors">About how many they were (±2%), counted day by day: who comes on two days counts twice.</param>
/// <param name="Bots">How often a program followed it that says so.</param>
/// <param name="Previews">How often a browser or messenger looked ahead.</param>
/// <param name="Heads">How often it was asked for with HEAD.</param>
internal sealed record StatsTotals(long Clicks, long Visitors, long Bots, long Previews, long Heads);

/// <summary>What happened in a part of the time.</summary>
/// <param name="From">When it begins; the first one may begin before the time that was asked for, and counts only what is in it.</param>
/// <param name="Clicks">How often somebody followed the link.</param>
/// <param name="Visitors">About how many they were; of a month, the sum of its days.</param>
internal sealed record StatsBucket(DateTimeOffset From, long Clicks, long Visitors);

/// <summary>The clicks of a value.</summary>
/// <param name="Dimension">Of what it is one.</param>
/// <param name="Value">The value.</param>
/// <param name="Clicks">How often somebody followed the link.</param>
internal sealed record StatsGroup(ClickDimension Dimension, string Value, long Clicks);
