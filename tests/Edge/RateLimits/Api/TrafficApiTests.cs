using System.Text.Json;
using Groundwork.Ports.Caching;

namespace Groundwork.RateLimits.Tests.Api;

/// <summary>What was seen of policies lately, and what other limits would have done, by HTTP.</summary>
public sealed class TrafficApiTests
{
    private const string Policies = """
        "mail": { "routes": [], "limits": [ { "permits": 3, "period": "1m" } ] },
        "jobs": { "routes": [], "limits": [ { "algorithm": "concurrency", "permits": 1, "period": "1m" } ] },
        "trial": { "routes": [], "shadow": true, "limits": [ { "permits": 1, "period": "1m" } ] }
        """;

    [Fact]
    public async Task What_was_allowed_and_refused_is_told_second_by_second_and_who_asks_and_is_refused_most()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        await TakeAsync(limited, "mail", "ann", 5);
        await TakeAsync(limited, "mail", "bob", 2);
        limited.Time.Advance(TimeSpan.FromSeconds(5));

        var traffic = await TrafficAsync(limited, "mail?step=5");
        var point = Assert.Single(traffic.GetProperty("series").EnumerateArray());
        Assert.Equal((5, 2), (point.GetProperty("allowed").GetInt64(), point.GetProperty("refused").GetInt64()));
        Assert.Equal((1, 0.4), (traffic.GetProperty("per_second").GetProperty("allowed").GetDouble(), traffic.GetProperty("per_second").GetProperty("refused").GetDouble()));
        Assert.Equal([("ann", 1), ("bob", 0.4)], Keys(traffic.GetProperty("asked")));
        Assert.Equal([("ann", 0.4)], Keys(traffic.GetProperty("refused")));
        Assert.Equal((7, 7, 1), Recorded(traffic));
        Assert.Equal(1, (await PolicyAsync(limited, "mail")).GetProperty("per_second").GetProperty("allowed").GetDouble());
    }

    [Fact]
    public async Task Under_a_shadow_those_are_told_who_would_be_refused()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        await TakeAsync(limited, "trial", "ann", 3);
        limited.Time.Advance(TimeSpan.FromSeconds(1));
        var traffic = await TrafficAsync(limited, "trial?step=1");
        Assert.Equal(2, traffic.GetProperty("series")[0].GetProperty("shadowed").GetInt64());
        Assert.Equal([("ann", 2)], Keys(traffic.GetProperty("refused")));
    }

    [Fact]
    public async Task While_nobody_can_count_requests_are_seen_all_the_same()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        limited.Store.Failure = new CacheException("The store is away.");
        await TakeAsync(limited, "mail", "ann", 2);
        limited.Time.Advance(TimeSpan.FromSeconds(1));
        var traffic = await TrafficAsync(limited, "mail?step=1");
        Assert.Equal(2, traffic.GetProperty("series")[0].GetProperty("uncounted").GetInt64());
        Assert.Equal([("ann", 2)], Keys(traffic.GetProperty("asked")));
    }

    [Theory]
    [InlineData("""{ "permits": 30, "period": "10s" }""")]
    [InlineData("""{ "algorithm": "gcra", "permits": 7, "period": "1s", "burst": 12 }""")]
    [InlineData("""{ "algorithm": "fixed-window", "permits": 20, "period": "7s" }""")]
    [InlineData("""{ "algorithm": "sliding-window", "permits": 20, "period": "7s" }""")]
    [InlineData("""{ "algorithm": "sliding-log", "permits": 20, "period": "7s" }""")]
    [InlineData("""{ "algorithm": "leaky-bucket", "permits": 7, "period": "1s", "burst": 3 }""")]
    [InlineData("""{ "permits": 9, "period": "1s" }, { "algorithm": "fixed-window", "permits": 40, "period": "10s" }""")]
    public async Task A_replay_under_the_limits_in_force_says_what_the_limiter_really_did(string limits)
    {
        await using var limited = await LimitedInstance.StartAsync($$""" "api": { "routes": [], "limits": [ {{limits}} ] } """);
        var random = new Random(1);
        for (var i = 0; i < 600; i++)
        {
            limited.Time.Advance(TimeSpan.FromMicroseconds(random.Next(100_000)));
            await limited.AskAsync("api", "take", new { key = $"{random.Next(4)}", cost = random.Next(4) });
        }

        var (status, whatIf) = await limited.AskAsync("api", "whatif", new { limits = new[] { new { permits = 1_000_000, period = "1s" } } });
        Assert.Equal(200, status);
        var policy = await PolicyAsync(limited, "api");
        Assert.Equal(
            (policy.GetProperty("allowed").GetInt64(), policy.GetProperty("refused").GetInt64()),
            (whatIf.GetProperty("in_force").GetProperty("allowed").GetInt64(), whatIf.GetProperty("in_force").GetProperty("refused").GetInt64()));
        Assert.InRange(policy.GetProperty("refused").GetInt64(), 20, 580);
        Assert.Equal((600, 0), (whatIf.GetProperty("proposed").GetProperty("allowed").GetInt64(), whatIf.GetProperty("proposed").GetProperty("refused").GetInt64()));
        Assert.Equal((4, 600, 600, 1), (whatIf.GetProperty("keys").GetInt32(), Recorded(whatIf).Requests, Recorded(whatIf).Of, Recorded(whatIf).Share));
    }

    [Fact]
    public async Task A_what_if_says_whom_other_limits_would_hit_and_changes_nothing()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        await TakeAsync(limited, "mail", "ann", 3);
        await TakeAsync(limited, "mail", "bob", 1);
        var (_, whatIf) = await limited.AskAsync("mail", "whatif", new { limits = new[] { new { permits = 1, period = "1m" } } });
        var proposed = whatIf.GetProperty("proposed");
        Assert.Equal((2, 2, 0.5, 1), (proposed.GetProperty("allowed").GetInt64(), proposed.GetProperty("refused").GetInt64(), proposed.GetProperty("refused_share").GetDouble(), proposed.GetProperty("refused_keys").GetInt32()));
        Assert.Equal("""[{"key":"ann","requests":3,"refused_in_force":0,"refused_proposed":2}]""", whatIf.GetProperty("hardest").GetRawText());
        Assert.Equal(2, (await limited.AskAsync("mail", "peek", new { key = "bob", cost = 0 })).Body.GetProperty("remaining").GetInt64());
        Assert.Equal(4, (await PolicyAsync(limited, "mail")).GetProperty("allowed").GetInt64());
    }

    [Fact]
    public async Task Traffic_outlives_a_change_of_limits_and_not_one_of_what_it_is_counted_by()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        await TakeAsync(limited, "mail", "ann", 2);
        await ChangeAsync(Policies.Replace("\"permits\": 3", "\"permits\": 9", StringComparison.Ordinal));
        Assert.Equal(2, Recorded(await TrafficAsync(limited, "mail")).Requests);
        await ChangeAsync(Policies.Replace("\"mail\": {", "\"mail\": { \"by\": [\"address\"],", StringComparison.Ordinal));
        Assert.Equal(0, Recorded(await TrafficAsync(limited, "mail")).Requests);
        Assert.Equal(2, (await PolicyAsync(limited, "mail")).GetProperty("allowed").GetInt64());

        async Task ChangeAsync(string policies)
        {
            limited.Write(policies);
            await limited.Book.LookAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task What_other_policies_refuse_is_none_of_a_policys_traffic()
    {
        await using var limited = await LimitedInstance.StartAsync("""
            "wide": { "routes": ["/v1/toys"], "limits": [ { "permits": 100, "period": "1h" } ] },
            "strict": { "routes": ["/v1/toys"], "limits": [ { "permits": 1, "period": "1h" } ] }
            """);
        for (var i = 0; i < 3; i++)
            await limited.GetAsync("/v1/toys");
        Assert.Equal((1, 3), (Recorded(await TrafficAsync(limited, "wide")).Requests, Recorded(await TrafficAsync(limited, "strict")).Requests));
    }

    [Theory]
    [InlineData("mail", """{"limits":[]}""", 400, "has 0 limits; 1 to 4 are needed")]
    [InlineData("mail", """{"limits":[{"permits":0,"period":"1m"}]}""", 400, "at least one permit")]
    [InlineData("mail", """{"limits":[{"permits":1,"period":"soon"}]}""", 400, "has in limit 1 the period 'soon'")]
    [InlineData("mail", """{"limits":[{"permits":1,"period":"1m"},{"permits":1,"period":"1m"}]}""", 400, "has a limit twice")]
    [InlineData("mail", """{"limits":[{"algorithm":"concurrency","permits":1,"period":"1m"}]}""", 400, "cannot be replayed")]
    [InlineData("jobs", """{"limits":[{"permits":1,"period":"1m"}]}""", 400, "has a limit of concurrency")]
    [InlineData("mail", """{"limits":[{"permits":1,"period":"1m","colour":1}]}""", 400, "colour")]
    [InlineData("mail", """{}""", 400, "limits")]
    [InlineData("nobody", """{"limits":[{"permits":1,"period":"1m"}]}""", 404, "There is no policy 'nobody'")]
    public async Task What_cannot_be_replayed_is_refused_with_its_reason(string policy, string body, int status, string said)
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await limited.Client.PostAsync(new Uri($"/v1/limits/{policy}:whatif", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(said, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mail/traffic?step=0", 400)]
    [InlineData("mail/traffic?step=61", 400)]
    [InlineData("mail/traffic?step=x", 400)]
    [InlineData("nobody/traffic", 404)]
    public async Task What_cannot_be_shown_is_refused(string address, int status)
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        Assert.Equal(status, (int)(await limited.GetAsync($"/v1/limits/{address}")).StatusCode);
    }

    private static async Task TakeAsync(LimitedInstance limited, string policy, string key, int times)
    {
        for (var i = 0; i < times; i++)
            await limited.AskAsync(policy, "take", new { key });
    }

    private static (string, double)[] Keys(JsonElement top) =>
        [.. top.GetProperty("keys").EnumerateArray().Select(k => (k.GetProperty("key").GetString()!, k.GetProperty("per_second").GetDouble()))];

    private static (long Requests, long Of, double Share) Recorded(JsonElement answer)
    {
        var recorded = answer.GetProperty("recorded");
        return (recorded.GetProperty("requests").GetInt64(), recorded.GetProperty("of_requests").GetInt64(), recorded.GetProperty("key_share").GetDouble());
    }

    private static Task<JsonElement> TrafficAsync(LimitedInstance limited, string policy) =>
        ReadAsync(limited, policy.Contains('?', StringComparison.Ordinal) ? policy.Replace("?", "/traffic?", StringComparison.Ordinal) : policy + "/traffic");

    private static Task<JsonElement> PolicyAsync(LimitedInstance limited, string policy) => ReadAsync(limited, policy);

    private static async Task<JsonElement> ReadAsync(LimitedInstance limited, string path)
    {
        using var answer = await limited.GetAsync($"/v1/limits/{path}");
        Assert.Equal(200, (int)answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
    }
}
