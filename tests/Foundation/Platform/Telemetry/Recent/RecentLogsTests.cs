using Groundwork.Platform.Telemetry;
using Groundwork.Platform.Telemetry.Recent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Telemetry.Recent;

public sealed class RecentLogsTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void What_was_logged_is_found_newest_first_by_everything_that_one_may_ask()
    {
        var logs = new RecentLogs(1 << 20, _time);
        Log(logs, "one", LogLevel.Information, "Groundwork.Links.LinkSweep", traceId: "aaaa");
        Log(logs, "two", LogLevel.Warning, "Groundwork.LinksMore", new("Code", "xYz"), exception: new InvalidOperationException("why"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Log(logs, "three", LogLevel.Error, "Groundwork.Links", new("Number", 7));

        Assert.Equal(["three", "two", "one"], Found(logs, new()));
        Assert.Equal(["three", "two"], Found(logs, new() { MinLevel = LogLevel.Warning }));
        Assert.Equal(["three", "one"], Found(logs, new() { Category = "groundwork.links" }));
        Assert.Equal(["one"], Found(logs, new() { TraceId = "aaaa" }));
        Assert.Equal(["two"], Found(logs, new() { Text = "XYZ" }));
        Assert.Equal(["two"], Found(logs, new() { Text = "WHY" }));
        Assert.Equal(["three"], Found(logs, new() { From = _time.GetUtcNow() }));
        Assert.Equal(["two", "one"], Found(logs, new() { Until = _time.GetUtcNow() }));
        Assert.Equal(["three"], Found(logs, new() { After = 2 }));
        Assert.Equal(new("Number", "7"), Assert.Single(logs.Search(new() { Text = "three" }).Items[0].Values));
    }

    [Fact]
    public void The_cursor_leads_through_all_entries_once_while_new_ones_come()
    {
        var logs = new RecentLogs(1 << 20, _time);
        foreach (var number in Enumerable.Range(1, 7))
            Log(logs, $"{number}");

        var first = logs.Search(new() { Limit = 3 });
        Log(logs, "8");
        var second = logs.Search(new() { Limit = 3, Before = first.Before });
        var third = logs.Search(new() { Limit = 3, Before = second.Before });

        Assert.Equal(["7", "6", "5", "4", "3", "2", "1"], first.Items.Concat(second.Items).Concat(third.Items).Select(e => e.Message));
        Assert.Null(third.Before);
    }

    [Fact]
    public void Only_the_last_entries_are_kept_by_bytes_and_by_age()
    {
        var logs = new RecentLogs(64 << 10, _time);
        foreach (var number in Enumerable.Range(1, 1000))
            Log(logs, $"{number} {new string('x', 500)}");
        Assert.InRange(logs.Bytes, 1, 64 << 10);
        var kept = logs.Search(new() { Limit = 1000 }).Items;
        Assert.StartsWith("1000 ", kept[0].Message, StringComparison.Ordinal);
        Assert.InRange(kept.Count, 10, 100);

        _time.Advance(RecentLogs.MaxAge + TimeSpan.FromSeconds(1));
        Assert.Empty(logs.Search(new()).Items);
        Assert.Equal(0, logs.Bytes);
        Assert.Equal(1000, logs.LastId);
    }

    [Fact]
    public void An_entry_as_large_as_nobody_reads_is_cut_and_none_is_larger_than_the_whole()
    {
        var logs = new RecentLogs(1 << 20, _time);
        Log(logs, new string('x', 1 << 20), LogLevel.Error, "A", new("Value", new string('y', 1 << 20)));
        var entry = Assert.Single(logs.Search(new()).Items);
        Assert.Equal(RecentLogs.MaxText, entry.Message.Length);
        Assert.Equal(RecentLogs.MaxValue, entry.Values[0].Value.Length);

        var none = new RecentLogs(0, _time);
        Log(none, "never");
        Assert.Empty(none.Search(new()).Items);
    }

    private void Log(
        RecentLogs logs, string message, LogLevel level = LogLevel.Information, string category = "A", KeyValuePair<string, object?> value = default,
        string? traceId = null, Exception? exception = null) =>
        logs.Add(new LogEntry(_time.GetUtcNow(), level, category, message, value.Key is null ? [] : [value, new("{OriginalFormat}", "…")], traceId, exception));

    private static IEnumerable<string> Found(RecentLogs logs, LogQuery query) => logs.Search(query).Items.Select(e => e.Message);
}
