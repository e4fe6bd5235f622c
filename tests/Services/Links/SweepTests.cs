using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Groundwork.Links.Clicks;
using Groundwork.Ports.Database;
using Groundwork.Testing;
using Groundwork.Testing.Instances;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Links.Tests;

/// <summary>What becomes of links whose time has long been over.</summary>
public sealed class SweepTests : IAsyncLifetime
{
    private static readonly Statement CountRows = new("""
        select (select count(*) from links), (select count(*) from link_tags), (select count(*) from clicks)
        """);

    private static readonly string[] TwoTags = ["a", "b"];

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private RunningInstance _running = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _running = await RunningInstance.StartAsync(_folder.Path, _time, [new LinksModule()]);

    public async ValueTask DisposeAsync()
    {
        await _running.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_expired_link_answers_410_for_its_time_and_is_then_removed_with_all_that_belongs_to_it()
    {
        var code = await CreateAsync(new { long_url = "https://example.org/", ttl = 60, tags = TwoTags });
        Assert.Equal(HttpStatusCode.Found, await FollowAsync(code));
        await Service<ClickCounter>().WriteNowAsync(NumberOf(code), Cancellation);
        Assert.Equal((1, 2, 1), await RowsAsync());

        Pass(TimeSpan.FromDays(29));
        Assert.Equal(HttpStatusCode.Gone, await FollowAsync(code));
        await SweepAsync();
        Assert.Equal(HttpStatusCode.Gone, await FollowAsync(code));

        Pass(TimeSpan.FromDays(2));
        await SweepAsync();
        Assert.Equal(HttpStatusCode.NotFound, await FollowAsync(code));
        Assert.Equal((0, 0, 0), await RowsAsync());
    }

    [Theory]
    [InlineData("alias")]
    [InlineData("hash")]
    public async Task A_code_whose_number_can_come_again_is_never_used_for_another_link(string origin)
    {
        object body = origin == "alias"
            ? new { long_url = "https://example.org/", ttl = 60, custom_alias = "spring" }
            : new { long_url = "https://example.org/", ttl = 60, dedupe = true };
        var code = await CreateAsync(body);

        Pass(TimeSpan.FromDays(31));
        await SweepAsync();
        Assert.Equal(HttpStatusCode.NotFound, await FollowAsync(code));

        var again = await PostAsync(body);
        if (origin == "alias")
            Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        else
            Assert.NotEqual(code, (await again.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_link_that_gets_a_later_end_before_the_sweep_stays()
    {
        var code = await CreateAsync(new { long_url = "https://example.org/", ttl = 60 });
        Pass(TimeSpan.FromDays(20));
        using var patch = JsonContent.Create(new { expires_at = (string?)null });
        var response = await _running.Client.PatchAsync(new Uri($"/v1/urls/{code}", UriKind.Relative), patch, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        Pass(TimeSpan.FromDays(31));
        await SweepAsync();
        Assert.Equal(HttpStatusCode.Found, await FollowAsync(code));
    }

    [Fact]
    public async Task A_sweep_removes_what_is_due_batch_by_batch_and_nothing_else()
    {
        for (var i = 0; i < 70; i++)
            await CreateAsync(new { long_url = $"https://example.org/{i}", ttl = 60 });
        var kept = await CreateAsync(new { long_url = "https://example.org/kept" });

        Pass(TimeSpan.FromDays(31));
        await SweepAsync();
        Assert.Equal((1, 0, 0), await RowsAsync());
        Assert.Equal(HttpStatusCode.Found, await FollowAsync(kept));
    }

    [Fact]
    public async Task A_deleted_link_leaves_nothing_once_no_retry_can_bring_it_back()
    {
        var code = await CreateAsync(new { long_url = "https://example.org/" });
        Assert.Equal(HttpStatusCode.NoContent, (await _running.Client.DeleteAsync(new Uri($"/v1/urls/{code}", UriKind.Relative), Cancellation)).StatusCode);
        Assert.Equal((1, 0, 0), await RowsAsync());

        Pass(TimeSpan.FromDays(3));
        await SweepAsync();
        Assert.Equal((0, 0, 0), await RowsAsync());
    }

    // By the calendar: of the timers' quarters of a second there would be millions.
    private void Pass(TimeSpan time) => _time.AdjustTime(_time.GetUtcNow() + time);

    // The module's own sweep may be under way at the same time, as another copy's might: so until nothing is due.
    private async Task SweepAsync()
    {
        while (await Service<LinkSweep>().SweepAsync(16, Cancellation) > 0)
        {
        }
    }

    private long NumberOf(string code)
    {
        Assert.True(Service<CodeBook>().Space.TryNumber(code, out var number));
        return number;
    }

    private async Task<(long Links, long Tags, long Clicks)> RowsAsync()
    {
        var database = _running.Instance.Services.GetRequiredKeyedService<IDatabase>(LinkStore.SchemaName);
        return (await database.ReadAsync(
            new Command(CountRows, Command.AnyKey), row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), Freshness.Latest, Cancellation))[0];
    }

    private T Service<T>()
        where T : notnull => _running.Instance.Services.GetRequiredService<T>();

    private async Task<string> CreateAsync(object body)
    {
        var response = await PostAsync(body);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("code").GetString()!;
    }

    private Task<HttpResponseMessage> PostAsync(object body) => _running.Client.PostAsJsonAsync(new Uri("/v1/urls", UriKind.Relative), body, Cancellation);

    private async Task<HttpStatusCode> FollowAsync(string code) => (await _running.Client.GetAsync(new Uri(code, UriKind.Relative), Cancellation)).StatusCode;
}
