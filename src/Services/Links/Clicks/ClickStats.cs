using Groundwork.Primitives;

namespace Groundwork.Links.Clicks;

/// <summary>What happened to a link, added up for a reader.</summary>
internal sealed class ClickStats(ClickStore store, ClickWriter writer, IClickIntake intake)
{
    // Past this many parts an hour is merged by whoever reads it; a few hours a read, so that none takes long.
    private const int ManyParts = 16;
    private const int MaxMerges = 4;

    /// <summary>Adds up the clicks of a link.</summary>
    /// <param name="number">Which link.</param>
    /// <param name="from">From when: the beginning of its hour.</param>
    /// <param name="to">Until when: the end of the hour that it lies in, or this time where it begins one.</param>
    /// <param name="interval">How long the buckets of the series are.</param>
    /// <param name="groupBy">By what the clicks are told apart, each for itself; nothing for not at all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<StatsView> ReadAsync(
        long number, DateTimeOffset from, DateTimeOffset to, StatsInterval interval, IReadOnlyList<ClickDimension> groupBy, CancellationToken cancellationToken)
    {
        using var span = LinksSpans.Begin("add up clicks");
        await intake.WriteNowAsync(number, cancellationToken);
        var (fromHour, toHour) = (HourOf(from), HourOf(to.AddTicks(TimeSpan.TicksPerHour - 1)));
        var recentHour = Math.Clamp(writer.RecentDay * 24, fromHour, toHour);
        IReadOnlyList<ClickPart> earlier = fromHour < recentHour
            ? await store.ReadEarlierAsync(number, fromHour, recentHour, byDay: interval != StatsInterval.Hour, cancellationToken)
            : [];
        IReadOnlyList<ClickPart> recent = recentHour < toHour ? await store.ReadAsync(number, recentHour, toHour, cancellationToken) : [];
        List<ClickPart> parts = [.. earlier, .. recent];
        span?.SetTag(LinksSpans.Parts, parts.Count);
        var view = Add(parts, DateTimeOffset.FromUnixTimeSeconds(fromHour * 3600), DateTimeOffset.FromUnixTimeSeconds(toHour * 3600), interval, groupBy);

        foreach (var hour in parts.GroupBy(p => p.Hour).Where(h => h.Count() >= ManyParts).Take(MaxMerges))
            await store.MergeAsync(number, hour.Key, cancellationToken);
        if (interval != StatsInterval.Hour)
            AskForDays(number, earlier.Where(p => p.Hour >= RoundUp(fromHour) && p.Hour < recentHour / 24 * 24));
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

    private void AskForDays(long number, IEnumerable<ClickPart> parts)
    {
        foreach (var day in parts.GroupBy(p => p.Hour / 24).Where(d => d.Count() >= ClickStore.ManyParts))
            writer.FoldSoon(number, day.Key);
    }

    // To the beginning of a day.
    private static long RoundUp(long hour) => (hour + 23) / 24 * 24;

    private static long HourOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / 3600;

    // Days one by one: visitors are only told apart within one, so a day is the largest time that has a sketch.
    private static StatsView Add(
        List<ClickPart> parts, DateTimeOffset from, DateTimeOffset to, StatsInterval interval, IReadOnlyList<ClickDimension> groupBy)
    {
        var series = new SortedDictionary<DateTimeOffset, StatsBucket>();
        for (var start = StartOf(from, interval); start < to; start = Next(start, interval))
            series[start] = new StatsBucket(start, 0, 0);

        var total = new long[Enum.GetValues<ClickKind>().Length];
        var groups = new ClickGroups?[Rollup.Dimensions];
        foreach (var dimension in groupBy)
            groups[(int)dimension] = new ClickGroups(dimension);
        var visitors = 0L;
        foreach (var day in parts.GroupBy(p => p.Hour / 24))
        {
            var ofDay = new HyperLogLog();
            var clicksOfDay = 0L;
            foreach (var hour in day.GroupBy(p => p.Hour))
            {
                var ofHour = interval == StatsInterval.Hour ? new HyperLogLog() : ofDay;
                var clicks = 0L;
                foreach (var part in hour)
                    clicks += AddPart(part.Rollup, ofHour);
                clicksOfDay += clicks;
                if (interval != StatsInterval.Hour)
                    continue;
                ofDay.Merge(ofHour);
                Count(hour.Key * 3600, clicks, ofHour.Estimate());
            }

            var ofDayVisitors = ofDay.Estimate();
            visitors += ofDayVisitors;
            if (interval != StatsInterval.Hour)
                Count(day.Key * 86_400, clicksOfDay, ofDayVisitors);
        }

        return new StatsView(
            from,
            to,
            interval,
            new StatsTotals(
                total[(int)ClickKind.Click], visitors, total[(int)ClickKind.Bot], total[(int)ClickKind.Preview], total[(int)ClickKind.Head]),
            [.. series.Values],
            groupBy.Count == 0 ? null : string.Join(',', groupBy).ToLowerInvariant(),
            groupBy.Count == 0 ? null : [.. groupBy.SelectMany(d => groups[(int)d]!.Largest())]);

        long AddPart(byte[] rollup, HyperLogLog into)
        {
            var reader = new RollupReader(rollup);
            for (var kind = 0; kind < total.Length; kind++)
                total[kind] += reader[(ClickKind)kind];
            while (groupBy.Count > 0 && reader.TryNext(out var dimension, out var value, out var clicks))
                groups[(int)dimension]?.Add(value, clicks);

            reader.MergeVisitors(into);
            return reader[ClickKind.Click];
        }

        void Count(long seconds, long clicks, long distinct)
        {
            var start = StartOf(DateTimeOffset.FromUnixTimeSeconds(seconds), interval);
            var bucket = series[start];
            series[start] = bucket with { Clicks = bucket.Clicks + clicks, Visitors = bucket.Visitors + distinct };
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
