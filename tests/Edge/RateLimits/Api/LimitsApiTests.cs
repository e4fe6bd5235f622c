using System.Text.Json;
using Groundwork.Ports.Caching;

namespace Groundwork.RateLimits.Tests.Api;

/// <summary>Limits for others, by HTTP.</summary>
public sealed class LimitsApiTests
{
    private const string Policies = """
        "mail": { "routes": [], "limits": [ { "permits": 3, "period": "1m" } ] },
        "jobs": { "routes": [], "limits": [ { "algorithm": "concurrency", "permits": 1, "period": "1m" } ] },
        "strict": { "routes": [], "store_down": "refuse", "limits": [ { "permits": 3, "period": "1m" } ] }
        """;

    [Fact]
    public async Task A_take_says_what_is_left_and_when_to_come_back()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        var (status, first) = await limited.AskAsync("mail", "take", new { key = "ann", cost = 2 });
        Assert.Equal(200, status);
        Assert.Equal(
            """{"allowed":true,"remaining":1,"retry_after":0,"reset_after":40,"delay":0,"limits":[{"name":"mail","allowed":true,"remaining":1,"retry_after":0,"reset_after":40}],"counted":true}""",
            first.GetRawText());

        var (_, refused) = await limited.AskAsync("mail", "take", new { key = "ann", cost = 2 });
        Assert.Equal((false, 1, 20), (refused.GetProperty("allowed").GetBoolean(), refused.GetProperty("remaining").GetInt64(), refused.GetProperty("retry_after").GetDouble()));
        Assert.True((await limited.AskAsync("mail", "take", new { key = "bob", cost = 2 })).Body.GetProperty("allowed").GetBoolean());

        var (_, never) = await limited.AskAsync("mail", "take", new { key = "ann", cost = 4 });
        Assert.False(never.TryGetProperty("retry_after", out _));
    }

    [Fact]
    public async Task A_look_takes_nothing_and_what_is_forgotten_is_back()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        Assert.Equal(2, (await limited.AskAsync("mail", "peek", new { key = "ann" })).Body.GetProperty("remaining").GetInt64());
        Assert.Equal(0, (await limited.AskAsync("mail", "take", new { key = "ann", cost = 3 })).Body.GetProperty("remaining").GetInt64());
        Assert.Equal(204, (await limited.AskAsync("mail", "reset", new { key = "ann" })).Status);
        Assert.Equal(3, (await limited.AskAsync("mail", "peek", new { key = "ann", cost = 0 })).Body.GetProperty("remaining").GetInt64());
    }

    [Fact]
    public async Task What_is_held_is_given_back_by_who_holds_it()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        var holder = (await limited.AskAsync("jobs", "take", new { key = "x" })).Body.GetProperty("holder").GetString();
        Assert.False((await limited.AskAsync("jobs", "take", new { key = "x" })).Body.GetProperty("allowed").GetBoolean());
        Assert.Equal(204, (await limited.AskAsync("jobs", "release", new { key = "x", holder })).Status);
        Assert.True((await limited.AskAsync("jobs", "take", new { key = "x" })).Body.GetProperty("allowed").GetBoolean());
    }

    [Theory]
    [InlineData("mail", "take", """{"key":"a","cost":-1}""", 400, "cost must be 0 to 1000000000")]
    [InlineData("mail", "take", """{"key":"a","cost":9000000000}""", 400, "cost must be")]
    [InlineData("mail", "take", """{"key":"a","cost":1.5}""", 400, "cost")]
    [InlineData("mail", "take", """{"key":null}""", 400, "key")]
    [InlineData("mail", "take", """{}""", 400, "key")]
    [InlineData("mail", "take", """{"key":"a","colour":1}""", 400, "colour")]
    [InlineData("mail", "take", "nonsense", 400, "")]
    [InlineData("mail", "take", """{"key":"LONG"}""", 400, "4096 are allowed")]
    [InlineData("nobody", "take", """{"key":"a"}""", 404, "There is no policy 'nobody'")]
    [InlineData("nobody", "reset", """{"key":"a"}""", 404, "There is no policy 'nobody'")]
    [InlineData("jobs", "release", """{"key":"a","holder":"x"}""", 400, "holder must be")]
    [InlineData("mail", "grab", """{"key":"a"}""", 404, "")]
    public async Task What_cannot_be_done_is_refused_with_its_reason(string policy, string verb, string body, int status, string said)
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        using var content = new StringContent(body.Replace("LONG", new string('k', 5000), StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
        using var answer = await limited.Client.PostAsync(new Uri($"/v1/limits/{policy}:{verb}", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(said, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(0, limited.Store.Count);
    }

    [Fact]
    public async Task While_nobody_can_count_a_take_is_allowed_or_refused_as_the_policy_says()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        limited.Store.Failure = new CacheException("The store is away.");
        var (status, body) = await limited.AskAsync("mail", "take", new { key = "a" });
        Assert.Equal((200, true, false), (status, body.GetProperty("allowed").GetBoolean(), body.GetProperty("counted").GetBoolean()));
        Assert.Equal(503, (await limited.AskAsync("strict", "take", new { key = "a" })).Status);
        Assert.Equal(503, (await limited.AskAsync("mail", "peek", new { key = "a" })).Status);
        Assert.Equal(503, (await limited.AskAsync("mail", "reset", new { key = "a" })).Status);
    }

    [Fact]
    public async Task Policies_are_listed_with_what_was_counted()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        await limited.AskAsync("mail", "take", new { key = "a", cost = 3 });
        await limited.AskAsync("mail", "take", new { key = "a", cost = 3 });
        using var answer = await limited.GetAsync("/v1/limits");
        var page = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal(["mail", "jobs", "strict"], page.GetProperty("items").EnumerateArray().Select(p => p.GetProperty("name").GetString()));
        using var one = await limited.GetAsync("/v1/limits/mail");
        Assert.Equal(
            """{"name":"mail","routes":[],"by":[],"limits":[{"algorithm":"token-bucket","permits":3,"period":60,"burst":3}],"cost":1,"shadow":false,"store_down":"allow","batch":0,"allowed":1,"refused":1,"shadowed":0,"uncounted":0,"per_second":{"allowed":0,"refused":0,"shadowed":0,"uncounted":0}}""",
            await one.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(404, (int)(await limited.GetAsync("/v1/limits/nobody")).StatusCode);
    }
}
