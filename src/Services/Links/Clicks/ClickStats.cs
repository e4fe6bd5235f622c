namespace Groundwork.Links.Clicks;

/// <summary>What happened to a link, added up for a reader.</summary>
internal sealed class ClickStats(ClickStore store, ClickCounter counter)
{
    // Past this many parts an hour is merged by whoever reads it; a few hours a read, so that none takes long.
    private const int ManyParts = 16;
    private const int MaxMerges = 4;

    /// <summary>Adds up the clicks of a link.</summary>
    /// <param name="number">Which link.</param>
    /// <param name="from">From when: the beginning of its hour.</param>
    /// <param name="to">Until when: the end of the hour that it lies in, or this time where it begins one.</param>
    /// <param name="interval">How long the buckets of the series are.</param>
    /// <param name="groupBy">By what the clicks are told apart; null for not at all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<StatsView> ReadAsync(
        long number, DateTimeOffset from, DateTimeOffset to, StatsInterval interval, ClickDimension? groupBy, CancellationToken cancellationToken)
    {
        await counter.WriteNowAsync(number, cancellationToken);
        var (fromHour, toHour) = (HourOf(from), HourOf(to.AddTicks(TimeSpan.TicksPerHour - 1)));
        var parts = await store.ReadAsync(number, fromHour, toHour, cancellationToken);
        var view = Add(parts, DateTimeOffset.FromUnixTimeSeconds(fromHour * 3600), DateTimeOffset.FromUnixTimeSeconds(toHour * 3600), interval, groupBy);

        foreach (var hour in parts.GroupBy(p => p.Hour).Where(h => h.Count() >= ManyParts).Take(MaxMerges))
            await store.MergeAsync(number, hour.Key, cancellationToken);
        return view;
    }

    /// <summary>The beginning of the bucket in which a time lies.</summary>
    public static DateTimeOffset StartOf(DateTimeOffset at, StatsInterval interval) => interval switch
    {
        StatsInterval.Hour => new(at.Year, at.Month, at.Day, at.Hour, 0, 0, TimeSpan.Zero),
        StatsInterval.Day => new(at.Year, at.Month, at.Day, 0, 0, 0, TimeSpan.Zero),
        _ => new(at.Year, at.Month, 1, 0, 0, 0, TimeSpan.Zero),
    };

    /// <summary>The beginning of the bucket after the one that begins at a time.</summary>
    public static DateTimeOffset Next(DateTimeOffset start, StatsInterval interval) => interval switch
    {
        StatsInterval.Hour => start.AddHours(1),
        StatsInterval.Day => start.AddDays(1),
        _ => start.AddMonths(1),
    };

    private static long HourOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / 3600;

    // Days one by one: visitors are only told apart within one, so a day is the largest time that has a sketch.
    private static StatsView Add(
        IReadOnlyList<ClickPart> parts, DateTimeOffset from, DateTimeOffset to, StatsInterval interval, ClickDimension? groupBy)
    {
        var series = new SortedDictionary<DateTimeOffset, StatsBucket>();
        for (var start = StartOf(from, interval); start < to; start = Next(start, interval))
            series[start] = new StatsBucket(start, 0, 0);

        var all = new Rollup();
        var groups = new Dictionary<string, long>();
        var visitors = 0L;
        foreach (var day in parts.GroupBy(p => p.Hour / 24))
        {
            var ofDay = new Rollup();
            foreach (var hour in day.GroupBy(p => p.Hour))
            {
                var ofHour = interval == StatsInterval.Hour ? new Rollup() : ofDay;
                foreach (var part in hour)
                    ofHour.MergeFrom(part.Rollup);
                if (interval != StatsInterval.Hour)
                    continue;
                ofDay.Merge(ofHour);
                Count(DateTimeOffset.FromUnixTimeSeconds(hour.Key * 3600), ofHour, ofHour.Visitors.Estimate());
            }

            var ofDayVisitors = ofDay.Visitors.Estimate();
            visitors += ofDayVisitors;
            if (interval != StatsInterval.Hour)
                Count(DateTimeOffset.FromUnixTimeSeconds(day.Key * 86_400), ofDay, ofDayVisitors);
            foreach (var kind in Enum.GetValues<ClickKind>())
                all.Add(kind, ofDay[kind]);
            foreach (var ((dimension, value), count) in ofDay.Values.Where(v => v.Key.Dimension == groupBy))
                groups[value] = groups.GetValueOrDefault(value) + count;
        }

        return new StatsView(
            from,
            to,
            interval,
            new StatsTotals(all[ClickKind.Click], visitors, all[ClickKind.Bot], all[ClickKind.Preview], all[ClickKind.Head]),
            [.. series.Values],
            groupBy,
            groupBy is null ? null : [.. groups.OrderByDescending(g => g.Value).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => new StatsGroup(g.Key, g.Value))]);

        void Count(DateTimeOffset at, Rollup rollup, long distinct)
        {
            var start = StartOf(at, interval);
            var bucket = series[start];
            series[start] = bucket with { Clicks = bucket.Clicks + rollup[ClickKind.Click], Visitors = bucket.Visitors + distinct };
        }
    }
}

/// <summary>How long a bucket of a series is.</summary>
internal enum StatsInterval
{
    /// <summary>An hour.</summary>
    Hour,

    /// <summary>A day in UTC.</summary>
    Day,

    /// <summary>A month in UTC.</summary>
    Month,
}
