using System.Globalization;
using System.Net;
using System.Text.Json;
using Groundwork.Links.Clicks;
using Groundwork.Primitives;
using Groundwork.Testing.Servers;

namespace Groundwork.Links.Tests.Clicks;

/// <summary>What a link's statistics say, on any engine. It is 2026-01-02T03:04:05Z.</summary>
public abstract class ClickStatsContract(PostgresServer? postgres) : LinksTests(postgres)
{
    private string _code = "";

    private long Number => Links.NumberOf(_code);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _code = await Links.CodeAsync(new { long_url = "https://example.org/" });
    }

    [Fact]
    public async Task A_link_that_nobody_followed_has_a_month_of_days_without_clicks()
    {
        var stats = await Links.StatsAsync(_code);

        Assert.Equal("2025-12-03T03:00:00Z", stats.GetProperty("from").GetString());
        Assert.Equal("2026-01-02T04:00:00Z", stats.GetProperty("to").GetString());
        Assert.Equal("day", stats.GetProperty("interval").GetString());
        Assert.Equal(31, stats.GetProperty("series").GetArrayLength());
        Assert.All(stats.GetProperty("total").EnumerateObject(), member => Assert.Equal(0, member.Value.GetInt64()));
        Assert.False(stats.TryGetProperty("groups", out _));
    }

    [Fact]
    public async Task A_click_shows_at_once_with_all_that_it_says()
    {
        await Links.FollowAsync(
            _code,
            ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0"), ("Referer", "https://www.example.net/page?q=1"), ("Accept-Language", "de-AT,en"));

        Assert.Equal((1, 1), Total(await Links.StatsAsync(_code)));
        foreach (var (dimension, value) in ((string, string)[])[("referrer", "example.net"), ("browser", "Firefox"), ("system", "Linux"), ("device", "desktop"), ("language", "de")])
        {
            var stats = await Links.StatsAsync(_code, $"?group_by={dimension}");
            Assert.Equal(dimension, stats.GetProperty("group_by").GetString());
            Assert.Equal([(value, 1)], Groups(stats));
        }

        Assert.Empty(Groups(await Links.StatsAsync(_code, "?group_by=bot")));

        var several = await Links.StatsAsync(_code, "?group_by=browser,referrer,bot");
        Assert.Equal("browser,referrer,bot", several.GetProperty("group_by").GetString());
        Assert.Equal([("Firefox", 1), ("example.net", 1)], Groups(several));
        Assert.Equal(["browser", "referrer"], several.GetProperty("groups").EnumerateArray().Select(g => g.GetProperty("dimension").GetString()));
    }

    [Fact]
    public async Task Bots_and_what_looks_ahead_are_counted_apart()
    {
        await Links.FollowAsync(_code, ("User-Agent", "Twitterbot/1.0"));
        await Links.FollowAsync(_code, ("User-Agent", "Twitterbot/1.0"));
        await Links.FollowAsync(_code, ("User-Agent", "curl/8.0"));
        await Links.FollowAsync(_code, ("Sec-Purpose", "prefetch;prerender"));
        await Links.FollowAsync(_code, ("Purpose", "prefetch"));
        await Links.FollowAsync(_code, ("X-Purpose", "preview"));
        await Links.FollowAsync(_code, ("X-Moz", "prefetch"));
        await Links.FollowAsync(_code);

        var stats = await Links.StatsAsync(_code, "?group_by=bot");

        Assert.Equal((1, 1), Total(stats));
        Assert.Equal((3, 4), (stats.GetProperty("total").GetProperty("bots").GetInt64(), stats.GetProperty("total").GetProperty("previews").GetInt64()));
        Assert.Equal([("Twitterbot", 2), ("curl", 1)], Groups(stats));
    }

    [Fact]
    public async Task What_leads_nowhere_is_no_click()
    {
        await Links.EditAsync(_code, """{"disabled":true}""");
        Assert.Equal(HttpStatusCode.Gone, await Links.StatusAsync(_code));
        Assert.Equal((0, 0), Total(await Links.StatsAsync(_code)));
    }

    [Theory]
    [InlineData("hour", "?from=2026-01-01&to=2026-01-01T03:30:00Z", new long[] { 1, 2, 4, 8 }, "2026-01-01T00:00:00Z")]
    [InlineData("hour", "?from=2026-01-01T01:59:59Z&to=2026-01-01T03:00:00Z", new long[] { 2, 4 }, "2026-01-01T01:00:00Z")]
    [InlineData("day", "?from=2025-12-31T23:00:00Z&to=2026-01-01T02:00:00Z", new long[] { 16, 3 }, "2025-12-31T00:00:00Z")]
    [InlineData("day", "?from=2025-12-30&to=2026-01-02", new long[] { 0, 16, 15 }, "2025-12-30T00:00:00Z")]
    [InlineData("month", "?from=2025-11-15&to=2026-01-02", new long[] { 0, 16, 15 }, "2025-11-01T00:00:00Z")]
    [InlineData("month", "?from=2026-01-01T03:00:00Z&to=2026-01-01T04:00:00Z", new long[] { 8 }, "2026-01-01T00:00:00Z")]
    [InlineData("day", "?from=2025-12-31T23:00:00%2B01:00&to=2025-12-31T23:30:00Z", new long[] { 16 }, "2025-12-31T00:00:00Z")]
    public async Task Buckets_hold_the_clicks_of_their_time_and_none_is_missing(string interval, string range, long[] clicks, string first)
    {
        await WriteAsync("2026-01-01T00", 1);
        await WriteAsync("2026-01-01T01", 2);
        await WriteAsync("2026-01-01T02", 4);
        await WriteAsync("2026-01-01T03", 8);
        await WriteAsync("2025-12-31T23", 16);

        var stats = await Links.StatsAsync(_code, $"{range}&interval={interval}");

        var series = stats.GetProperty("series").EnumerateArray().ToList();
        Assert.Equal(clicks, series.Select(b => b.GetProperty("clicks").GetInt64()));
        Assert.Equal(first, series[0].GetProperty("from").GetString());
        Assert.Equal(clicks.Sum(), Total(stats).Clicks);
    }

    [Fact]
    public async Task Visitors_are_told_apart_within_a_day_and_added_up_over_days()
    {
        await WriteAsync("2026-01-01T00", 10, visitors: 1..100);
        await WriteAsync("2026-01-01T05", 10, visitors: 51..150);
        await WriteAsync("2025-12-31T05", 10, visitors: 1..100);

        Assert.InRange(Total(await Links.StatsAsync(_code)).Visitors, 240, 260);
        var days = (await Links.StatsAsync(_code, "?from=2025-12-31&to=2026-01-02")).GetProperty("series").EnumerateArray().ToList();
        Assert.InRange(days[0].GetProperty("visitors").GetInt64(), 96, 104);
        Assert.InRange(days[1].GetProperty("visitors").GetInt64(), 144, 156);
        var hours = await Links.StatsAsync(_code, "?from=2026-01-01&to=2026-01-02&interval=hour");
        Assert.InRange(hours.GetProperty("series")[5].GetProperty("visitors").GetInt64(), 96, 104);
        Assert.InRange(Total(hours).Visitors, 144, 156);
    }

    [Fact]
    public async Task Of_any_number_of_referrers_the_largest_hundred_are_named_whenever_they_came()
    {
        await WriteAsync("2026-01-01T00", 90, referrers: Enumerable.Range(0, 90).Select(i => ($"early-{i}.example", 1L)));
        await WriteAsync("2026-01-01T09", 900, referrers: Enumerable.Range(0, 90).Select(i => ($"late-{i}.example", 10L)).Append(("other", 25L)));

        var groups = Groups(await Links.StatsAsync(_code, "?group_by=referrer"));

        Assert.Equal(101, groups.Count);
        Assert.Equal(90 + 900 + 25, groups.Sum(g => g.Clicks));
        Assert.Equal(("other", 25 + 80), groups[0]);
        Assert.Equal(90, groups.Count(g => g.Value.StartsWith("late", StringComparison.Ordinal)));
        Assert.Equal(groups.OrderByDescending(g => g.Clicks).Select(g => g.Clicks), groups.Select(g => g.Clicks));
    }

    [Fact]
    public async Task Parts_of_an_hour_that_are_merged_by_whoever_reads_them_keep_their_sums()
    {
        for (var part = 0; part < 40; part++)
            await WriteAsync("2026-01-01T00", part, visitors: part..(part + 20), referrers: [($"site-{part % 7}.example", part)]);
        Assert.Equal(40, await PartsAsync());

        var before = await Links.StatsAsync(_code, "?group_by=referrer");
        Assert.Equal(1, await PartsAsync());
        var after = await Links.StatsAsync(_code, "?group_by=referrer");

        Assert.Equal(Enumerable.Range(0, 40).Sum(), Total(before).Clicks);
        Assert.Equal(before.GetRawText(), after.GetRawText());
    }

    [Fact]
    public async Task Merges_of_one_hour_at_the_same_time_count_nothing_twice()
    {
        for (var part = 0; part < 30; part++)
            await WriteAsync("2026-01-01T00", 1);
        var store = Links.Service<ClickStore>();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => i % 2 == 0
            ? store.MergeAsync(Number, HourOf("2026-01-01T00"), Cancellation)
            : WriteAsync("2026-01-01T00", 1)));

        Assert.Equal(34, Total(await Links.StatsAsync(_code)).Clicks);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Days_that_were_folded_answer_as_their_hours_do(int seed)
    {
        var random = new Random(seed);
        var (first, end) = (HourOf("2025-12-10T00"), HourOf("2026-01-02T03"));
        for (var part = 0; part < 300; part++)
        {
            // Half of the days have none.
            var hour = random.NextInt64(first, end);
            if (hour / 24 % 2 == 0)
                continue;
            var visitor = random.Next(3000);
            await WriteAsync(
                hour, random.Next(50), visitor..(visitor + random.Next(300)),
                Enumerable.Range(0, random.Next(24)).Select(_ => (random.Next(20) == 0 ? "other" : $"site-{random.Next(400)}.example", random.NextInt64(1, 9))));
        }

        var queries = Enumerable.Range(0, 40).Select(_ =>
        {
            var from = random.NextInt64(first - 30, end);
            var to = random.NextInt64(from + 1, end + 2);
            return $"?from={TimeOf(from)}&to={TimeOf(to)}&interval={random.GetItems(["hour", "day", "month"], 1)[0]}{random.GetItems(["", "&group_by=referrer"], 1)[0]}";
        }).Append("?from=2025-12-10&to=2026-01-02&group_by=referrer").ToList();
        var unfolded = await AnswersAsync();

        for (var day = first / 24; day < HourOf("2026-01-01T00") / 24; day++)
            await Links.Service<ClickStore>().FoldAsync(Number, day, Cancellation);

        Assert.Equal(unfolded, await AnswersAsync());
        Assert.Equal(11, await DaysAsync());

        async Task<List<string>> AnswersAsync()
        {
            var answers = new List<string>();
            foreach (var query in queries)
                answers.Add(query + (await Links.StatsAsync(_code, query)).GetRawText());
            return answers;
        }
    }

    [Fact]
    public async Task A_part_that_comes_after_its_day_was_folded_is_counted_and_so_is_the_day_that_is_folded_anew()
    {
        var store = Links.Service<ClickStore>();
        await WriteAsync("2025-12-30T05", 3, referrers: [("example.net", 3)]);
        Assert.True(await store.FoldAsync(Number, HourOf("2025-12-30T00") / 24, Cancellation));
        Assert.False(await store.FoldAsync(Number, HourOf("2025-12-30T00") / 24, Cancellation));

        var late = new Rollup();
        late.Add(ClickKind.Click, 4);
        late.Add(ClickDimension.Referrer, "example.net", 4);
        await store.WriteLateAsync(Number, HourOf("2025-12-30T23"), 1, late.ToBytes(), Cancellation);
        await AssertCountedAsync(days: 0);

        Assert.True(await store.FoldAsync(Number, HourOf("2025-12-30T00") / 24, Cancellation));
        await AssertCountedAsync(days: 1);

        // Nobody knew whether it was written.
        await store.WriteLateAsync(Number, HourOf("2025-12-30T23"), 1, late.ToBytes(), Cancellation);
        await AssertCountedAsync(days: 0);

        async Task AssertCountedAsync(int days)
        {
            var stats = await Links.StatsAsync(_code, "?group_by=referrer");
            Assert.Equal(7, Total(stats).Clicks);
            Assert.Equal([("example.net", 7)], Groups(stats));
            Assert.Equal(days, await DaysAsync());
        }
    }

    [Fact]
    public async Task Folds_and_late_parts_of_one_day_at_the_same_time_miss_no_click()
    {
        const int Days = 40;
        await using var other = Links.Connection.Length > 0 ? await LinksClient.StartAsync(Links.Connection) : null;
        var (here, there) = (Links.Service<ClickStore>(), (other ?? Links).Service<ClickStore>());
        var first = HourOf("2025-11-01T00") / 24;
        for (var day = first; day < first + Days; day++)
            await WriteAsync(day * 24, 1);

        // One day after the other has two copies fold it while both still write.
        for (var day = first; day < first + Days; day++)
        {
            await Task.WhenAll(
                here.FoldAsync(Number, day, Cancellation), LateAsync(there, (day * 24) + 5),
                there.FoldAsync(Number, day, Cancellation), LateAsync(here, (day * 24) + 9));
        }

        var stats = await Links.StatsAsync(_code, $"?from=2025-11-01&to=2025-12-11&interval=day");
        Assert.All(stats.GetProperty("series").EnumerateArray(), day => Assert.Equal(3, day.GetProperty("clicks").GetInt64()));
        Assert.Equal(Days, stats.GetProperty("series").GetArrayLength());

        Task LateAsync(ClickStore store, long hour)
        {
            var rollup = new Rollup();
            rollup.Add(ClickKind.Click);
            return store.WriteLateAsync(Number, hour, ClickStore.NewPart(), rollup.ToBytes(), Cancellation);
        }
    }

    [Fact]
    public async Task With_a_link_its_clicks_are_gone()
    {
        await WriteAsync("2025-12-30T00", 1);
        await Links.Service<ClickStore>().FoldAsync(Number, HourOf("2025-12-30T00") / 24, Cancellation);
        Assert.Equal((1, 1), (await PartsAsync(), await DaysAsync()));

        await Links.DeleteAsync(_code);

        Assert.Equal((0, 0), (await PartsAsync(), await DaysAsync()));
    }

    [Fact]
    public async Task The_salt_of_a_day_is_one_for_all_copies_and_gone_two_days_later()
    {
        var store = Links.Service<ClickStore>();
        var salts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.SaltAsync(30_000, Cancellation)));
        Assert.Single(salts.Distinct());

        var next = await store.SaltAsync(30_001, Cancellation);
        Assert.NotEqual((salts[0].Key0, salts[0].Key1), (next.Key0, next.Key1));
        Assert.Equal(salts[0], await store.SaltAsync(30_000, Cancellation));

        await store.SaltAsync(30_003, Cancellation);
        Assert.NotEqual(salts[0], await store.SaltAsync(30_000, Cancellation));
    }

    private static (long Clicks, long Visitors) Total(JsonElement stats) =>
        (stats.GetProperty("total").GetProperty("clicks").GetInt64(), stats.GetProperty("total").GetProperty("visitors").GetInt64());

    private static List<(string Value, long Clicks)> Groups(JsonElement stats) =>
        [.. stats.GetProperty("groups").EnumerateArray().Select(g => (g.GetProperty("value").GetString()!, g.GetProperty("clicks").GetInt64()))];

    private static long HourOf(string hour) =>
        DateTimeOffset.ParseExact(hour, "yyyy-MM-ddTHH", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeSeconds() / 3600;

    private static string TimeOf(long hour) =>
        DateTimeOffset.FromUnixTimeSeconds(hour * 3600).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private Task WriteAsync(string hour, long clicks, Range? visitors = null, IEnumerable<(string, long)>? referrers = null) =>
        WriteAsync(HourOf(hour), clicks, visitors, referrers);

    private Task WriteAsync(long hour, long clicks, Range? visitors = null, IEnumerable<(string, long)>? referrers = null)
    {
        var rollup = new Rollup();
        rollup.Add(ClickKind.Click, clicks);
        foreach (var (referrer, count) in referrers ?? [])
            rollup.Add(ClickDimension.Referrer, referrer, count);
        for (var i = visitors?.Start.Value ?? 0; i <= (visitors?.End.Value ?? -1); i++)
            rollup.Visitors.Add(SipHash.Hash(1, 2, BitConverter.GetBytes(i)));
        return Links.Service<ClickStore>().WriteAsync(Number, hour, ClickStore.NewPart(), rollup.ToBytes(), Cancellation);
    }

    private async Task<int> PartsAsync() => (await Links.Service<ClickStore>().ReadAsync(Number, 0, long.MaxValue, Cancellation)).Count;

    private async Task<int> DaysAsync() =>
        (await Links.Service<ClickStore>().ReadEarlierAsync(Number, 0, long.MaxValue, byDay: true, Cancellation)).Count(p => p.Part < 0);
}
