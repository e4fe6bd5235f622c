using System.Net;
using Groundwork.Links.Clicks;
using Groundwork.Ports.Database;

namespace Groundwork.Links.Tests;

/// <summary>What becomes of links whose time has long been over.</summary>
public sealed class SweepTests : LinksTests
{
    private static readonly Statement CountRows = new("""
        select (select count(*) from links), (select count(*) from link_tags), (select count(*) from clicks)
        """);

    private static readonly string[] TwoTags = ["a", "b"];

    [Fact]
    public async Task An_expired_link_answers_410_for_its_time_and_is_then_removed_with_all_that_belongs_to_it()
    {
        var code = await Links.CodeAsync(new { long_url = "https://example.org/", ttl = 60, tags = TwoTags });
        Assert.Equal(HttpStatusCode.Found, await Links.StatusAsync(code));
        await Links.Service<ClickCounter>().WriteNowAsync(Links.NumberOf(code), Cancellation);
        Assert.Equal((1, 2, 1), await RowsAsync());

        Pass(TimeSpan.FromDays(29));
        Assert.Equal(HttpStatusCode.Gone, await Links.StatusAsync(code));
        await SweepAsync();
        Assert.Equal(HttpStatusCode.Gone, await Links.StatusAsync(code));

        Pass(TimeSpan.FromDays(2));
        await SweepAsync();
        Assert.Equal(HttpStatusCode.NotFound, await Links.StatusAsync(code));
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
        var code = await Links.CodeAsync(body);

        Pass(TimeSpan.FromDays(31));
        await SweepAsync();
        Assert.Equal(HttpStatusCode.NotFound, await Links.StatusAsync(code));

        var again = await Links.PostAsync(body);
        if (origin == "alias")
            Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        else
            Assert.NotEqual(code, LinksClient.CodeOf(await LinksClient.ReadAsync(again)));
    }

    [Fact]
    public async Task A_link_that_gets_a_later_end_before_the_sweep_stays()
    {
        var code = await Links.CodeAsync(new { long_url = "https://example.org/", ttl = 60 });
        Pass(TimeSpan.FromDays(20));
        Assert.Equal(HttpStatusCode.OK, (await Links.EditAsync(code, """{"expires_at":null}""")).StatusCode);

        Pass(TimeSpan.FromDays(31));
        await SweepAsync();
        Assert.Equal(HttpStatusCode.Found, await Links.StatusAsync(code));
    }

    [Fact]
    public async Task A_sweep_removes_what_is_due_batch_by_batch_and_nothing_else()
    {
        for (var i = 0; i < 70; i++)
            await Links.CodeAsync(new { long_url = $"https://example.org/{i}", ttl = 60 });
        var kept = await Links.CodeAsync(new { long_url = "https://example.org/kept" });

        Pass(TimeSpan.FromDays(31));
        await SweepAsync();
        Assert.Equal((1, 0, 0), await RowsAsync());
        Assert.Equal(HttpStatusCode.Found, await Links.StatusAsync(kept));
    }

    [Fact]
    public async Task A_deleted_link_leaves_nothing_once_no_retry_can_bring_it_back()
    {
        var code = await Links.CodeAsync(new { long_url = "https://example.org/" });
        Assert.Equal(HttpStatusCode.NoContent, (await Links.DeleteAsync(code)).StatusCode);
        Assert.Equal((1, 0, 0), await RowsAsync());

        Pass(TimeSpan.FromDays(3));
        await SweepAsync();
        Assert.Equal((0, 0, 0), await RowsAsync());
    }

    // By the calendar: of the timers' quarters of a second there would be millions.
    private void Pass(TimeSpan time) => Links.Time.AdjustTime(Links.Time.GetUtcNow() + time);

    // The module's own sweep may be under way at the same time, as another copy's might: so until nothing is due.
    private async Task SweepAsync()
    {
        while (await Links.Service<LinkSweep>().SweepAsync(16, Cancellation) > 0)
        {
        }
    }

    private async Task<(long Rows, long Tags, long Clicks)> RowsAsync() => (await Links.Database.ReadAsync(
        new Command(CountRows, Command.AnyKey), row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), Freshness.Latest, Cancellation))[0];
}
