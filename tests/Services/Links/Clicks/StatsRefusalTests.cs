using System.Net;

namespace Groundwork.Links.Tests.Clicks;

public sealed class StatsRefusalTests : LinksTests
{
    [Fact]
    public async Task Statistics_that_nobody_can_mean_are_refused_with_the_parameter()
    {
        (string Query, string Member)[] bad =
        [
            ("?from=2026-01-02&to=2026-01-02", "from"),
            ("?from=2026-01-03&to=2026-01-02", "from"),
            ("?from=2027-01-01", "from"),
            ("?from=2020-01-01&to=2026-01-01", "from"),
            ("?from=yesterday", "from"),
            ("?from=2026-02-30", "from"),
            ("?from=1969-12-31", "from"),
            ("?from=20260101", "from"),
            ("?to=9999-12-31", "to"),
            ("?to=-1", "to"),
            ("?to=2026-01-01T00:00:00%2B99:00", "to"),
            ("?from=2024-10-01&to=2026-01-01&interval=hour", "interval"),
            ("?interval=week", "interval"),
            ("?interval=1", "interval"),
            ("?interval=Day", "interval"),
            ("?interval=hour,day", "interval"),
            ("?group_by=country", "group_by"),
            ("?group_by=0", "group_by"),
            ("?group_by=referrer,country", "group_by"),
            ("?group_by=referrer,bot,referrer", "group_by"),
            ("?group_by=referrer,", "group_by"),
        ];
        var code = await Links.CodeAsync(new { long_url = "https://example.org/" });
        foreach (var (query, member) in bad)
            await LinksClient.RefusedAsync(await Links.GetAsync($"{code}/stats{query}"), HttpStatusCode.BadRequest, "invalid-request", member);
    }

    [Theory]
    [InlineData("?to=1970-01-01")]
    [InlineData("?from=1970-01-01&to=1970-01-01T00:00:01Z&interval=hour")]
    [InlineData("?from=9989-01-01&to=9989-12-31&interval=month")]
    [InlineData("?from=2024-01-02&to=2026-01-02&group_by=")]
    [InlineData("?from=&to=&interval=")]
    public async Task Odd_times_are_answered_all_the_same(string query)
    {
        var code = await Links.CodeAsync(new { long_url = "https://example.org/" });
        Assert.NotEmpty((await Links.StatsAsync(code, query)).GetProperty("series").EnumerateArray());
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("x")]
    [InlineData("0000000")]
    public async Task A_link_that_is_not_there_has_no_statistics(string code) =>
        await LinksClient.RefusedAsync(await Links.GetAsync(code + "/stats"), HttpStatusCode.NotFound, "not-found");
}
