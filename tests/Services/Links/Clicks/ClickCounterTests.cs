using System.Net;
using Groundwork.Links.Clicks;
using Groundwork.Ports.Database;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Links.Tests.Clicks;

public sealed class ClickCounterTests : IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private LinksDatabase _database = null!;
    private UnreliableDatabase _unreliable = null!;
    private ClickRecorder _recorder = null!;
    private ClickWriter _writer = null!;
    private ClickCounter _counter = null!;
    private int _recorded;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await LinksDatabase.OpenAsync();
        _unreliable = new UnreliableDatabase(_database.Port);
        _recorder = new ClickRecorder();
        var store = new ClickStore(_unreliable);
        _writer = new ClickWriter(store, _time);
        _counter = new ClickCounter(_recorder, _writer, new VisitorSalts(store, _time), _time, NullLogger<ClickCounter>.Instance);
        _counter.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _counter.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Clicks_are_written_when_they_are_ten_seconds_old_and_not_before()
    {
        Click(1, 3);
        Click(2);
        await CountAsync(Interval);

        // Once the next round counts, the one before has ended.
        await RoundAsync(TimeSpan.FromSeconds(9.25));
        await RoundAsync(Interval);
        Assert.Equal(0, await ClicksAsync(1));

        await RoundAsync(Interval);
        await RoundAsync(Interval);
        await RoundAsync(Interval);
        Assert.Equal((3, 1), (await ClicksAsync(1), await ClicksAsync(2)));
        Assert.Equal(1, await PartsAsync(1));
    }

    [Fact]
    public async Task The_clicks_of_many_links_are_written_over_the_time_in_which_the_next_ones_gather()
    {
        const int Links = 40_000;
        for (var number = 1; number <= Links; number++)
            Click(number);
        await CountAsync(Interval);
        await RoundAsync(TimeSpan.FromSeconds(10));
        await RoundAsync(Interval);
        Assert.InRange(await TotalAsync(), 1, Links / 2);

        while (await TotalAsync() < Links)
            await RoundAsync(Interval);
        Assert.Equal((1, 1), (await ClicksAsync(1), await ClicksAsync(Links)));
    }

    [Fact]
    public async Task A_graceful_stop_writes_what_is_left_even_what_nobody_has_fetched()
    {
        Click(1, 5);
        await CountAsync(Interval);
        Click(1, 2);
        Click(7);

        await _counter.DisposeAsync();

        Assert.Equal((7, 1), (await ClicksAsync(1), await ClicksAsync(7)));
    }

    [Fact]
    public async Task A_database_that_fails_for_a_while_costs_no_click_and_counts_none_twice()
    {
        await CountAsync(Interval, clicks: 10);

        _unreliable.Does = UnreliableDatabase.Behaviour.Refuses;
        await FailAsync(TimeSpan.FromSeconds(11));
        Click(1, 4);
        await FailAsync(Interval);

        // Done, and yet nobody knows: tried again under the same name.
        _unreliable.Does = UnreliableDatabase.Behaviour.LosesAnswers;
        await FailAsync(Interval);
        await FailAsync(Interval);
        Assert.Equal(10, await ClicksAsync(1));

        _unreliable.Does = UnreliableDatabase.Behaviour.Works;
        await _counter.DisposeAsync();
        Assert.Equal((14, 0), (await ClicksAsync(1), _counter.Lost));
    }

    [Fact]
    public async Task Beyond_its_bound_the_older_half_is_dropped_and_counted_while_the_database_is_away()
    {
        // Rounds of clicks of a link each; a round fits in what waits to be fetched.
        const int Rounds = 8;
        const int Clicks = 60_000;
        await CountAsync(Interval, clicks: 1, number: 99);
        _unreliable.Does = UnreliableDatabase.Behaviour.Refuses;
        for (var round = 1; round <= Rounds; round++)
        {
            Click(round, Clicks);
            await FailAsync(round == 1 ? TimeSpan.FromSeconds(11) : Interval);
        }

        await UntilAsync(() => _counter.Lost > 0);
        _unreliable.Does = UnreliableDatabase.Behaviour.Works;
        await _counter.DisposeAsync();

        var kept = 0L;
        for (var round = 1; round <= Rounds; round++)
            kept += await ClicksAsync(round);
        Assert.Equal((0, 0), (await ClicksAsync(1), await ClicksAsync(99)));
        Assert.Equal(Clicks, await ClicksAsync(Rounds));
        Assert.Equal(_recorded, kept + _counter.Lost + _recorder.Dropped);
    }

    [Fact]
    public async Task A_damaged_row_ends_no_counting()
    {
        // Five parts of an hour, one of them damaged, are to be merged when it is over.
        var store = new ClickStore(_database.Port);
        await store.WriteAsync(1, Hour, ClickStore.NewPart(), [99], Cancellation);
        for (var part = 0; part < 5; part++)
        {
            await CountAsync(Interval, clicks: 1);
            await _counter.WriteNowAsync(1, Cancellation);
        }

        _time.Advance(TimeSpan.FromHours(1));
        await RoundAsync(Interval);
        await RoundAsync(Interval);
        await CountAsync(Interval, clicks: 3, number: 8);
        await _counter.DisposeAsync();

        Assert.Equal(3, await ClicksAsync(8));
    }

    [Fact]
    public async Task An_hour_that_is_over_is_merged_where_many_parts_were_written()
    {
        for (var part = 0; part < 5; part++)
        {
            await CountAsync(Interval, clicks: 2);
            await _counter.WriteNowAsync(1, Cancellation);
        }

        Assert.Equal(5, await PartsAsync(1));
        _time.Advance(TimeSpan.FromHours(1));
        await RoundAsync(Interval);
        await RoundAsync(Interval);

        Assert.Equal((1, 10), (await PartsAsync(1), await ClicksAsync(1)));
    }

    [Fact]
    public async Task A_day_is_folded_when_the_next_one_is_over_too_where_many_parts_were_written()
    {
        for (var part = 0; part < 5; part++)
        {
            await CountAsync(Interval, clicks: 2);
            await _counter.WriteNowAsync(1, Cancellation);
        }

        _time.Advance(TimeSpan.FromDays(1));
        await RoundAsync(Interval);
        await RoundAsync(Interval);
        Assert.Equal(0, await DaysAsync(1));

        _time.Advance(TimeSpan.FromDays(1));
        await RoundAsync(Interval);
        await RoundAsync(Interval);
        Assert.Equal((1, 10), (await DaysAsync(1), await ClicksAsync(1)));
    }

    [Fact]
    public async Task A_day_that_a_reader_had_to_add_up_of_many_parts_is_folded_soon_after()
    {
        await WriteHoursAsync(Today - 1, 1);
        await WriteHoursAsync(Today - 2, 4);
        await WriteHoursAsync(Today - 3, 3);
        await WriteHoursAsync(Today - 4, 5);

        Assert.Equal(13, await ReadAsync());
        await RoundAsync(Interval);
        await RoundAsync(Interval);

        Assert.Equal(2, await DaysAsync(1));
        Assert.Equal(13, await ReadAsync());

        async Task WriteHoursAsync(long day, int hours)
        {
            for (var hour = 0; hour < hours; hour++)
                await WriteAsync((day * 24) + hour);
        }

        async Task<long> ReadAsync() => (await new ClickStats(new ClickStore(_database.Port), _writer, _counter).ReadAsync(
            1, _time.GetUtcNow().AddDays(-9), _time.GetUtcNow(), StatsInterval.Month, [], Cancellation)).Total.Clicks;
    }

    [Fact]
    public async Task What_was_recorded_before_its_day_was_folded_and_is_written_after_it_is_counted()
    {
        await CountAsync(Interval, clicks: 4);
        await WriteAsync(Hour);
        await new ClickStore(_database.Port).FoldAsync(1, Today, Cancellation);
        Assert.Equal(1, await DaysAsync(1));

        _time.Advance(TimeSpan.FromDays(2));
        await RoundAsync(Interval);
        await RoundAsync(Interval);

        Assert.Equal((0, 5), (await DaysAsync(1), await ClicksAsync(1)));
    }

    [Fact]
    public async Task Visitors_are_addresses_with_their_browsers_each_once_a_day()
    {
        Click(1, 3, "203.0.113.7", "Firefox/1");
        Click(1, 1, "203.0.113.7", "Firefox/2");
        Click(1, 1, "203.0.113.8", "Firefox/1");
        Click(1, 1, "::ffff:203.0.113.8", "Firefox/1");
        Click(1, 1, "2001:db8::1", null);
        Click(1, 1, null, null);
        await CountAsync(Interval);
        Assert.Equal(5, await VisitorsAsync(1));

        _time.Advance(TimeSpan.FromDays(1));
        Click(1, 3, "203.0.113.7", "Firefox/1");
        await CountAsync(Interval);
        Assert.Equal(6, await VisitorsAsync(1));

        // Under another salt: nobody can tell that it was the same visitor.
        var parts = (await new ClickStore(_database.Port).ReadAsync(1, 0, long.MaxValue, Cancellation)).Select(p => p.Rollup);
        var both = new Rollup();
        foreach (var part in parts)
            both.MergeFrom(part);
        Assert.Equal(6, both.Visitors.Estimate());
    }

    [Fact]
    public async Task The_salts_of_days_gone_by_are_removed_also_where_nobody_clicks()
    {
        await CountAsync(Interval, clicks: 1);
        await RoundAsync(Interval);
        for (var day = 0; day < 4; day++)
        {
            _time.Advance(TimeSpan.FromDays(1));
            await UntilAsync(() => SaltDays() is [.., var newest] days && newest == Today && days[0] >= Today - 2);
        }

        Assert.Equal([Today - 2, Today - 1, Today], SaltDays());
    }

    [Fact]
    public void Where_nobody_fetches_the_oldest_are_dropped_and_counted()
    {
        var recorder = new ClickRecorder();
        for (var number = 0; number < ClickRecorder.Capacity + 100; number++)
            recorder.Record(Request(null, null), number, _time.GetUtcNow());

        Assert.Equal(100, recorder.Dropped);
        Assert.True(recorder.TryRead(out var first));
        Assert.Equal(100, first.Number);
    }

    [Theory]
    [InlineData("GET", "X", "x", ClickKind.Click)]
    [InlineData("HEAD", "X", "x", ClickKind.Head)]
    [InlineData("HEAD", "Purpose", "prefetch", ClickKind.Head)]
    [InlineData("GET", "Sec-Purpose", "prefetch", ClickKind.Preview)]
    [InlineData("GET", "Sec-Purpose", "Prefetch; prerender", ClickKind.Preview)]
    [InlineData("GET", "X-Purpose", "preview", ClickKind.Preview)]
    [InlineData("GET", "X-Moz", "prefetch", ClickKind.Preview)]
    [InlineData("GET", "Purpose", "other", ClickKind.Click)]
    public void A_click_is_of_the_kind_that_its_request_says(string method, string header, string value, object kind)
    {
        var recorder = new ClickRecorder();
        var request = Request(null, null);
        request.Request.Method = method;
        request.Request.Headers[header] = value;
        recorder.Record(request, 1, _time.GetUtcNow());

        Assert.True(recorder.TryRead(out var click));
        Assert.Equal(kind, click.Kind);
    }

    [Fact]
    public void No_more_of_long_headers_is_kept_than_is_read()
    {
        var recorder = new ClickRecorder();
        var request = Request(null, new string('a', 30_000));
        request.Request.Headers.Referer = "https://example.org/" + new string('b', 30_000);
        request.Request.Headers.AcceptLanguage = new string('c', 30_000);
        recorder.Record(request, 1, _time.GetUtcNow());

        Assert.True(recorder.TryRead(out var click));
        Assert.InRange(click.UserAgent!.Length + click.Referrer!.Length + click.Language!.Length, 1, 1000);
        Assert.Equal("example.org", ClickReader.ReferrerOf(click.Referrer));
    }

    private static readonly Statement CountParts = new("select count(*) from clicks");

    private static readonly Statement SelectSalts = new("select day from click_salts order by day");

    private long Hour => _time.GetUtcNow().ToUnixTimeSeconds() / 3600;

    private long Today => Hour / 24;

    private IReadOnlyList<long> SaltDays() =>
        _database.Port.ReadAsync(new Command(SelectSalts, Command.AnyKey), row => row.GetInt64(0), Freshness.Latest, Cancellation).GetAwaiter().GetResult();

    private static DefaultHttpContext Request(string? address, string? agent)
    {
        var http = new DefaultHttpContext { Connection = { RemoteIpAddress = address is null ? null : IPAddress.Parse(address) } };
        http.Request.Method = "GET";
        if (agent is not null)
            http.Request.Headers.UserAgent = agent;
        return http;
    }

    private void Click(long number, int count = 1, string? address = null, string? agent = null)
    {
        for (var i = 0; i < count; i++, _recorded++)
            _recorder.Record(Request(address, agent), number, _time.GetUtcNow());
    }

    // Lets the counter fetch what was recorded.
    private async Task CountAsync(TimeSpan advance, int clicks = 0, long number = 1)
    {
        Click(number, clicks);
        _time.Advance(advance);
        await UntilAsync(() => _counter.Counted == _recorded);
    }

    private Task RoundAsync(TimeSpan advance) => CountAsync(advance, clicks: 1, number: 1_000_000);

    private async Task FailAsync(TimeSpan advance)
    {
        var before = _unreliable.Failures;
        _time.Advance(advance);
        await UntilAsync(() => _unreliable.Failures > before);
    }

    // What never comes to be fails the test, instead of keeping it for ever.
    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (!isSo())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task<long> ClicksAsync(long number)
    {
        var sum = new Rollup();
        foreach (var part in await new ClickStore(_database.Port).ReadAsync(number, 0, long.MaxValue, Cancellation))
            sum.MergeFrom(part.Rollup);
        return sum[ClickKind.Click];
    }

    private async Task<long> TotalAsync() => (await _database.Port.ReadAsync(
        new Command(CountParts, Command.AnyKey), row => row.GetInt64(0), Freshness.Latest, Cancellation))[0];

    private async Task<int> PartsAsync(long number) => (await new ClickStore(_database.Port).ReadAsync(number, 0, long.MaxValue, Cancellation)).Count;

    private async Task<int> DaysAsync(long number) =>
        (await new ClickStore(_database.Port).ReadEarlierAsync(number, 0, long.MaxValue, byDay: true, Cancellation)).Count(p => p.Part == -1);

    // A click of the first link that another copy has counted.
    private Task WriteAsync(long hour)
    {
        var rollup = new Rollup();
        rollup.Add(ClickKind.Click);
        return new ClickStore(_database.Port).WriteAsync(1, hour, ClickStore.NewPart(), rollup.ToBytes(), Cancellation);
    }

    private async Task<long> VisitorsAsync(long number)
    {
        var view = await new ClickStats(new ClickStore(_database.Port), _writer, _counter).ReadAsync(
            number, _time.GetUtcNow().AddDays(-3), _time.GetUtcNow(), StatsInterval.Day, [], Cancellation);
        return view.Total.Visitors;
    }
}
