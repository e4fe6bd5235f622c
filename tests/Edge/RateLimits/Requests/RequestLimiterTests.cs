using Groundwork.Ports.Caching;

namespace Groundwork.RateLimits.Tests.Requests;

/// <summary>What callers of a limited server meet.</summary>
public sealed class RequestLimiterTests
{
    private const string TwoAMinute = """ "limits": [ { "permits": 2, "period": "1m" } ] """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_asks_too_much_is_told_when_to_come_back_and_is_let_in_then()
    {
        await using var limited = await LimitedInstance.StartAsync($$"""
            "api": { "by": ["address"], "limits": [ { "permits": 2, "period": "1m" }, { "algorithm": "fixed-window", "permits": 100, "period": "1h" } ] }
            """);
        var first = await limited.GetAsync("/v1/toys");
        Assert.Equal(200, (int)first.StatusCode);
        Assert.Equal("\"api\";q=2;w=60, \"api-2\";q=100;w=3600", first.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal("\"api\";r=1;t=30, \"api-2\";r=99;t=3600", first.Headers.GetValues("RateLimit").Single());
        Assert.Equal(200, (int)(await limited.GetAsync("/v1/toys")).StatusCode);

        var refused = await limited.GetAsync("/v1/toys");
        Assert.Equal(429, (int)refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(30), refused.Headers.RetryAfter!.Delta);
        Assert.Equal("\"api\";r=0;t=60, \"api-2\";r=98;t=3600", refused.Headers.GetValues("RateLimit").Single());
        Assert.Contains("too-many-requests", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);

        limited.Time.Advance(TimeSpan.FromSeconds(30));
        var again = await limited.GetAsync("/v1/toys");
        Assert.Equal(200, (int)again.StatusCode);
        Assert.Equal("\"api\";r=0;t=60, \"api-2\";r=97;t=3570", again.Headers.GetValues("RateLimit").Single());
    }

    [Fact]
    public async Task Callers_are_told_apart_by_what_the_policy_says()
    {
        await using var limited = await LimitedInstance.StartAsync($$"""
            "tenants": { "by": ["header:X-Tenant", "route"], {{TwoAMinute}} }
            """);
        foreach (var tenant in (string[])["one", "two", "one|two", "one%7Ctwo"])
            Assert.Equal((200, 200, 429), await ThreeAsync("/v1/toys", ("X-Tenant", tenant)));
        Assert.Equal((200, 200, 429), await ThreeAsync("/v1/toys/7", ("X-Tenant", "one")));
        Assert.Equal(429, (int)(await limited.GetAsync("/v1/toys/8", ("X-Tenant", "one"))).StatusCode);
        Assert.Equal((200, 200, 429), await ThreeAsync("/v1/toys"));

        async Task<(int, int, int)> ThreeAsync(string path, params (string, string)[] headers) => (
            (int)(await limited.GetAsync(path, headers)).StatusCode,
            (int)(await limited.GetAsync(path, headers)).StatusCode,
            (int)(await limited.GetAsync(path, headers)).StatusCode);
    }

    [Fact]
    public async Task A_key_of_any_length_is_counted()
    {
        await using var limited = await LimitedInstance.StartAsync($$""" "tenants": { "by": ["header:X-Tenant"], {{TwoAMinute}} } """);
        var (one, other) = (new string('x', 9_000) + "1", new string('x', 9_000) + "2");
        foreach (var (tenant, status) in ((string, int)[])[(one, 200), (one, 200), (one, 429), (other, 200)])
            Assert.Equal(status, (int)(await limited.GetAsync("/v1/toys", ("X-Tenant", tenant))).StatusCode);
    }

    [Theory]
    [InlineData(""" "routes": ["/v1/toys/{id}"] """, "/v1/toys/7", "/v1/toys")]
    [InlineData(""" "routes": ["/v1/toys/*"] """, "/v1/toys/7", "/v1/toys")]
    [InlineData(""" "routes": ["/v1/toys*"] """, "/v1/toys", "/health/live")]
    [InlineData(""" "methods": ["get"] """, "/v1/toys", "/metrics")]
    [InlineData(""" "routes": ["/v1/toys"], "methods": ["POST"] """, null, "/v1/toys")]
    public async Task A_policy_is_for_the_routes_and_methods_that_it_names(string filter, string? under, string beside)
    {
        await using var limited = await LimitedInstance.StartAsync($$""" "some": { {{filter}}, {{TwoAMinute}} } """);
        for (var i = 0; i < 4; i++)
        {
            if (under is not null)
                Assert.Equal(i < 2 ? 200 : 429, (int)(await limited.GetAsync(under)).StatusCode);
            else
                Assert.Equal(i < 2 ? 200 : 429, (int)(await limited.SendAsync(HttpMethod.Post, "/v1/toys")).StatusCode);
            Assert.NotEqual(429, (int)(await limited.GetAsync(beside)).StatusCode);
        }
    }

    [Fact]
    public async Task Endpoints_say_what_they_cost_and_which_policy_they_are_under()
    {
        await using var limited = await LimitedInstance.StartAsync("""
            "all": { "routes": ["/v1/toys/*"], "limits": [ { "permits": 7, "period": "1h" } ] },
            "named": { "routes": [], "limits": [ { "permits": 1, "period": "1h" } ] }
            """);
        Assert.Equal("\"all\";r=2;t=2572", (await limited.GetAsync("/v1/toys/dear")).Headers.GetValues("RateLimit").Single());
        Assert.Equal(429, (int)(await limited.GetAsync("/v1/toys/dear")).StatusCode);
        Assert.Equal("\"all\";r=1;t=3086, \"named\";r=0;t=3600", (await limited.GetAsync("/v1/toys/named")).Headers.GetValues("RateLimit").Single());
        Assert.Equal("\"all\";r=1;t=3086, \"named\";r=0;t=3600", (await limited.GetAsync("/v1/toys/named")).Headers.GetValues("RateLimit").Single());
    }

    [Fact]
    public async Task Of_more_limits_than_a_store_is_asked_for_at_once_those_of_a_policy_stay_together()
    {
        var four = string.Join(", ", Enumerable.Range(1, 4).Select(i => $$"""{ "permits": 9, "period": "{{i}}h" }"""));
        var policies = string.Join(", ", ((string[])["a", "b", "c"]).Select(name => $$""" "{{name}}": { "routes": ["/v1/toys"], "limits": [ {{four}} ] } """));
        await using var limited = await LimitedInstance.StartAsync($$"""
            {{policies}},
            "d": { "routes": ["/v1/toys"], "limits": [ { "permits": 9, "period": "1h" }, { "permits": 9, "period": "2h" } ] },
            "last": { "routes": ["/v1/toys"], "limits": [ { "permits": 9, "period": "1h" }, { "permits": 9, "period": "2h" }, { "permits": 1, "period": "3h" } ] }
            """);
        var first = await limited.GetAsync("/v1/toys");
        Assert.Equal((200, 17), ((int)first.StatusCode, first.Headers.GetValues("RateLimit").Single().Split(", ").Length));

        // The second step refuses, and takes nothing; the first has been paid.
        var refused = await limited.GetAsync("/v1/toys");
        Assert.Equal(429, (int)refused.StatusCode);
        Assert.Equal("\"last\";r=8;t=400, \"last-2\";r=8;t=800, \"last-3\";r=0;t=10800", refused.Headers.GetValues("RateLimit").Single());
        Assert.Equal(6, (await limited.AskAsync("d", "take", new { key = "" })).Body.GetProperty("remaining").GetInt64());
        Assert.Equal(0, limited.Book.Set.Find("d")!.Counts.Refused);
    }

    [Fact]
    public async Task A_shadow_counts_and_refuses_nobody()
    {
        await using var limited = await LimitedInstance.StartAsync($$""" "trial": { "routes": ["/v1/toys"], "shadow": true, {{TwoAMinute}} } """);
        for (var i = 0; i < 5; i++)
        {
            var answer = await limited.GetAsync("/v1/toys");
            Assert.Equal(200, (int)answer.StatusCode);
            Assert.False(answer.Headers.Contains("RateLimit"));
        }

        var counts = limited.Book.Set.Find("trial")!.Counts;
        Assert.Equal((2, 3), (counts.Allowed, counts.Shadowed));
    }

    [Theory]
    [InlineData("address:127.0.0.1", 200)]
    [InlineData("address:127.0.0.0/8", 200)]
    [InlineData("address:10.0.0.0/8", 429)]
    public async Task Who_is_exempt_is_not_limited(string exempt, int third)
    {
        await using var limited = await LimitedInstance.StartAsync($$""" "api": { "exempt": ["{{exempt}}"], {{TwoAMinute}} } """);
        await limited.GetAsync("/v1/toys");
        await limited.GetAsync("/v1/toys");
        Assert.Equal(third, (int)(await limited.GetAsync("/v1/toys")).StatusCode);
    }

    [Theory]
    [InlineData("allow", 200)]
    [InlineData("refuse", 503)]
    public async Task While_nobody_can_count_a_policy_lets_pass_or_refuses(string storeDown, int status)
    {
        await using var limited = await LimitedInstance.StartAsync($$""" "api": { "store_down": "{{storeDown}}", {{TwoAMinute}} } """);
        limited.Store.Failure = new CacheException("The store is away.");
        for (var i = 0; i < 3; i++)
            Assert.Equal(status, (int)(await limited.GetAsync("/v1/toys")).StatusCode);
        Assert.Equal(3, limited.Book.Set.Find("api")!.Counts.Uncounted);
        var ready = await (await limited.GetAsync("/health/ready")).Content.ReadAsStringAsync(Token);
        Assert.Contains("Limits cannot be counted: The store is away.", ready, StringComparison.Ordinal);

        limited.Store.Failure = null;
        Assert.Equal(200, (int)(await limited.GetAsync("/v1/toys")).StatusCode);
        limited.Time.Advance(TimeSpan.FromMinutes(1)); // what a module said of its health is kept for a while
        ready = await (await limited.GetAsync("/health/ready")).Content.ReadAsStringAsync(Token);
        Assert.DoesNotContain("cannot be counted", ready, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_at_work_counts_until_it_has_been_answered()
    {
        await using var limited = await LimitedInstance.StartAsync("""
            "work": { "routes": ["/v1/toys/*"], "limits": [ { "algorithm": "concurrency", "permits": 1, "period": "1m" } ] }
            """);
        var first = limited.GetAsync("/v1/toys/wait");
        await limited.Toys.Entered.Task.WaitAsync(Token);
        var refused = await limited.GetAsync("/v1/toys/7");
        Assert.Equal(429, (int)refused.StatusCode);
        Assert.Equal("\"work\";q=1", refused.Headers.GetValues("RateLimit-Policy").Single());

        limited.Toys.Release.SetResult();
        Assert.Equal("done", await (await first).Content.ReadAsStringAsync(Token));

        // What was held is given back once the answer is out, which its reader may see first.
        while ((int)(await limited.GetAsync("/v1/toys/7")).StatusCode == 429)
            await Task.Yield();
    }

    [Fact]
    public async Task A_paced_request_waits_for_its_turn()
    {
        await using var limited = await LimitedInstance.StartAsync("""
            "paced": { "routes": ["/v1/toys"], "limits": [ { "algorithm": "leaky-bucket", "permits": 1, "period": "10s", "burst": 1 } ] }
            """);
        Assert.Equal(200, (int)(await limited.GetAsync("/v1/toys")).StatusCode);
        Task<HttpResponseMessage>[] two = [limited.GetAsync("/v1/toys"), limited.GetAsync("/v1/toys")];
        var refused = await Task.WhenAny(two);
        Assert.Equal(429, (int)(await refused).StatusCode);

        var paced = two.Single(one => one != refused);
        Assert.False(paced.IsCompleted);

        // It was counted already, and may not have begun to wait.
        while (!paced.IsCompleted)
        {
            limited.Time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        Assert.Equal(200, (int)(await paced).StatusCode);
    }
}
