using Groundwork.Ports.Caching;
using Groundwork.RateLimits.Envoy.Messages;
using Grpc.Core;
using static Groundwork.RateLimits.Tests.Envoy.EnvoyRequests;
using Unit = Groundwork.RateLimits.Envoy.Messages.RateLimitResponse.Types.RateLimit.Types.Unit;

namespace Groundwork.RateLimits.Tests.Envoy;

/// <summary>What Envoy is told.</summary>
public sealed class EnvoyTests
{
    private const string Policies = """
        "peers": { "descriptor": { "domain": "edge", "entries": ["remote_address"] }, "limits": [ { "permits": 2, "period": "1m" } ] },
        "slow": {
          "descriptor": { "domain": "edge", "entries": ["generic_key=slow", "remote_address"] },
          "limits": [ { "permits": 1, "period": "10s" }, { "algorithm": "fixed-window", "permits": 100, "period": "1d" } ]
        },
        "paths": { "descriptor": { "domain": "edge", "entries": ["path", "tenant"] }, "limits": [ { "permits": 1, "period": "1m" } ] },
        "all": { "descriptor": { "domain": "edge", "entries": ["generic_key=all"] }, "limits": [ { "permits": 3, "period": "1h" } ] }
        """;

    [Fact]
    public async Task A_caller_is_let_pass_up_to_its_limit_and_told_how_near_it_is()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        var ann = Request(Descriptor("generic_key=slow", "remote_address=10.0.0.1"));
        Assert.Equal(
            """
            { "overallCode": "OK", "statuses": [ { "code": "OK", "currentLimit": { "requestsPerUnit": 1, "name": "slow" }, "durationUntilReset": "10s" } ], "responseHeadersToAdd": [ { "key": "RateLimit-Policy", "value": "\"slow\";q=1;w=10, \"slow-2\";q=100;w=86400" }, { "key": "RateLimit", "value": "\"slow\";r=0;t=10, \"slow-2\";r=99;t=86400" } ] }
            """,
            (await limited.AskAsync(ann)).ToString());
        Assert.Equal(
            """
            { "overallCode": "OVER_LIMIT", "statuses": [ { "code": "OVER_LIMIT", "currentLimit": { "requestsPerUnit": 1, "name": "slow" }, "durationUntilReset": "10s" } ], "responseHeadersToAdd": [ { "key": "RateLimit-Policy", "value": "\"slow\";q=1;w=10, \"slow-2\";q=100;w=86400" }, { "key": "RateLimit", "value": "\"slow\";r=0;t=10, \"slow-2\";r=99;t=86400" }, { "key": "Retry-After", "value": "10" } ] }
            """,
            (await limited.AskAsync(ann)).ToString());

        limited.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("ok: ok", await limited.CodesAsync(ann.Descriptors[0]));
        var peer = (await limited.AskAsync(Request(Descriptor("remote_address=10.0.0.1")))).Statuses.Single();
        Assert.Equal((2u, Unit.Minute, 1u), (peer.CurrentLimit.RequestsPerUnit, peer.CurrentLimit.Unit, peer.LimitRemaining));
        var counts = limited.Book.Set.Find("slow")!.Counts;
        Assert.Equal((2, 1), (counts.Allowed, counts.Refused));
    }

    [Fact]
    public async Task Values_that_the_policy_does_not_name_tell_callers_apart()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        foreach (var (path, tenant) in ((string, string)[])[("/a", "b"), ("/a|b", ""), ("/a", "|b"), ("/a%7Cb", ""), ("", "/a|b"), (new string('x', 9000), "1"), (new string('x', 9000), "2")])
        {
            Assert.Equal("ok: ok", await limited.CodesAsync(Descriptor($"path={path}", $"tenant={tenant}")));
            Assert.Equal("over: over", await limited.CodesAsync(Descriptor($"path={path}", $"tenant={tenant}")));
        }
    }

    [Fact]
    public async Task The_same_key_is_counted_by_Envoy_and_by_HTTP()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        await limited.AskAsync(Request(Descriptor("remote_address=10.0.0.1")));
        Assert.Equal(0, (await limited.AskAsync("peers", "take", new { key = "10.0.0.1" })).Body.GetProperty("remaining").GetInt64());
        Assert.Equal("over: over", await limited.CodesAsync(Descriptor("remote_address=10.0.0.1")));
        Assert.Equal(204, (await limited.AskAsync("peers", "reset", new { key = "10.0.0.1" })).Status);
        Assert.Equal("ok: ok", await limited.CodesAsync(Descriptor("remote_address=10.0.0.1")));
    }

    [Fact]
    public async Task Several_descriptors_take_from_all_or_none()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        var (ann, all) = (Descriptor("remote_address=10.0.0.1"), Descriptor("generic_key=all"));
        Assert.Equal("ok: ok ok", await limited.CodesAsync(ann, all));
        Assert.Equal("ok: ok ok", await limited.CodesAsync(ann, all));

        var refused = await limited.AskAsync(Request(ann, Descriptor("nobody=knows"), all));
        Assert.Equal(["OverLimit", "Ok", "Ok"], refused.Statuses.Select(s => s.Code.ToString()));
        Assert.Equal(1u, refused.Statuses[2].LimitRemaining);
        Assert.Equal("ok: ok", await limited.CodesAsync(all));
        Assert.Equal("over: over", await limited.CodesAsync(all));
    }

    [Fact]
    public async Task The_same_descriptor_twice_takes_twice()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        var ann = Descriptor("remote_address=10.0.0.1");
        Assert.Equal("over: over over over", await limited.CodesAsync(ann, ann, ann));
        Assert.Equal("ok: ok ok", await limited.CodesAsync(ann, ann));
        Assert.Equal("over: over", await limited.CodesAsync(ann));
    }

    [Fact]
    public async Task A_descriptor_is_under_all_policies_that_are_for_it()
    {
        await using var limited = await LimitedInstance.StartAsync("""
            "each": { "descriptor": { "domain": "edge", "entries": ["user"] }, "limits": [ { "permits": 5, "period": "1m" } ] },
            "ann": { "descriptor": { "domain": "edge", "entries": ["user=ann"] }, "limits": [ { "permits": 1, "period": "1m" } ] }
            """);
        Assert.Equal("ok: ok", await limited.CodesAsync(Descriptor("user=ann")));
        var refused = await limited.AskAsync(Request(Descriptor("user=ann")));
        Assert.Equal("ann", refused.Statuses.Single().CurrentLimit.Name);
        Assert.Equal("ok: ok", await limited.CodesAsync(Descriptor("user=bob")));
        var counts = limited.Book.Set.Find("each")!.Counts;
        Assert.Equal((2, 0), (counts.Allowed, counts.Refused));
    }

    [Theory]
    [InlineData("edge", "generic_key=fast", "remote_address=10.0.0.1")]
    [InlineData("edge", "remote_address=10.0.0.1", "generic_key=slow")]
    [InlineData("edge", "generic_key=slow", "remote_address=10.0.0.1", "path=/")]
    [InlineData("Edge", "generic_key=all")]
    [InlineData("elsewhere", "generic_key=all")]
    public async Task What_no_policy_is_for_is_not_limited(string domain, params string[] entries)
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        var answer = await limited.AskAsync(new RateLimitRequest { Domain = domain, Descriptors = { Descriptor(entries).With(0, Unit.Second) }, HitsAddend = 1000 });
        Assert.Equal("""{ "overallCode": "OK", "statuses": [ { "code": "OK" } ] }""", answer.ToString());
        Assert.Equal(0, limited.Store.Count);
    }

    [Fact]
    public async Task A_request_or_a_descriptor_says_how_many_hits_it_adds()
    {
        await using var limited = await LimitedInstance.StartAsync("""
            "dear": { "cost": 2, "descriptor": { "domain": "edge", "entries": ["user"] }, "limits": [ { "permits": 10, "period": "1h" } ] }
            """);
        var user = Descriptor("user=ann");
        Assert.Equal(8u, await LeftAsync(new RateLimitRequest { Domain = "edge", Descriptors = { user } }));
        Assert.Equal(5u, await LeftAsync(new RateLimitRequest { Domain = "edge", Descriptors = { user }, HitsAddend = 3 }));
        Assert.Equal(1u, await LeftAsync(new RateLimitRequest { Domain = "edge", Descriptors = { user.Adding(4) }, HitsAddend = 3 }));
        Assert.Equal(1u, await LeftAsync(new RateLimitRequest { Domain = "edge", Descriptors = { user.Adding(0) }, HitsAddend = 3 }));
        Assert.Equal("over: over", await limited.CodesAsync(user.Adding(1_000_000_000)));

        async Task<uint> LeftAsync(RateLimitRequest request) => (await limited.AskAsync(request)).Statuses.Single().LimitRemaining;
    }

    [Fact]
    public async Task A_descriptor_that_brings_a_limit_is_counted_by_it_and_apart()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        RateLimitDescriptor Own() => Descriptor("remote_address=10.0.0.1").With(3, Unit.Hour);
        var first = (await limited.AskAsync(Request(Own()))).Statuses.Single();
        Assert.Equal((3u, Unit.Hour, 2u), (first.CurrentLimit.RequestsPerUnit, first.CurrentLimit.Unit, first.LimitRemaining));
        Assert.Equal("ok: ok ok", await limited.CodesAsync(Own(), Own()));
        Assert.Equal("over: over", await limited.CodesAsync(Own()));
        Assert.Equal("ok: ok ok", await limited.CodesAsync(Descriptor("remote_address=10.0.0.1"), Descriptor("remote_address=10.0.0.1").With(2, Unit.Minute)));
    }

    [Fact]
    public async Task A_limit_of_nothing_refuses_and_takes_from_no_other()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        var none = Descriptor("remote_address=10.0.0.1").With(0, Unit.Second);
        Assert.Equal("over: ok over", await limited.CodesAsync(Descriptor("generic_key=all"), none));
        Assert.Equal(0, limited.Store.Count);
        Assert.Equal(1, limited.Book.Set.Find("peers")!.Counts.Refused);
        Assert.Equal("ok: ok", await limited.CodesAsync(none.Adding(0)));
    }

    [Fact]
    public async Task A_shadow_counts_and_lets_everybody_pass()
    {
        await using var limited = await LimitedInstance.StartAsync("""
            "trial": { "shadow": true, "descriptor": { "domain": "edge", "entries": ["user"] }, "limits": [ { "permits": 1, "period": "1m" } ] }
            """);
        for (var i = 0; i < 3; i++)
            Assert.Equal("""{ "overallCode": "OK", "statuses": [ { "code": "OK" } ] }""", (await limited.AskAsync(Request(Descriptor("user=ann")))).ToString());
        Assert.Equal("ok: ok", await limited.CodesAsync(Descriptor("user=ann").With(0, Unit.Day)));
        var counts = limited.Book.Set.Find("trial")!.Counts;
        Assert.Equal((1, 3, 0), (counts.Allowed, counts.Shadowed, counts.Refused));
    }

    [Fact]
    public async Task While_nobody_can_count_the_policy_says_whether_a_request_is_let_pass_or_Envoy_decides()
    {
        await using var limited = await LimitedInstance.StartAsync("""
            "open": { "descriptor": { "domain": "edge", "entries": ["user"] }, "limits": [ { "permits": 1, "period": "1m" } ] },
            "strict": { "store_down": "refuse", "descriptor": { "domain": "edge", "entries": ["card"] }, "limits": [ { "permits": 1, "period": "1m" } ] }
            """);
        limited.Store.Failure = new CacheException("The store is away.");
        for (var i = 0; i < 3; i++)
            Assert.Equal("""{ "overallCode": "OK", "statuses": [ { "code": "OK" } ] }""", (await limited.AskAsync(Request(Descriptor("user=ann")))).ToString());
        var failed = await limited.FailAsync(Request(Descriptor("user=ann"), Descriptor("card=1")));
        Assert.Equal((StatusCode.Unavailable, "Limits cannot be counted just now. The store is away."), (failed.StatusCode, failed.Detail));
        Assert.Equal((4, 1), (limited.Book.Set.Find("open")!.Counts.Uncounted, limited.Book.Set.Find("strict")!.Counts.Uncounted));

        limited.Store.Failure = null;
        Assert.Equal("ok: ok ok", await limited.CodesAsync(Descriptor("user=ann"), Descriptor("card=1")));
    }

    [Fact]
    public async Task Policies_change_under_a_connection_that_stays()
    {
        await using var limited = await LimitedInstance.StartAsync(""" "one": { "descriptor": { "domain": "edge", "entries": ["user"] }, "limits": [ { "permits": 1, "period": "1h" } ] } """);
        Assert.Equal("ok: ok", await limited.CodesAsync(Descriptor("user=ann")));
        Assert.Equal("over: over", await limited.CodesAsync(Descriptor("user=ann")));

        limited.Write(""" "one": { "descriptor": { "domain": "edge", "entries": ["tenant"] }, "limits": [ { "permits": 1, "period": "1h" } ] } """);
        await limited.Book.LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal("ok: ok ok", await limited.CodesAsync(Descriptor("user=ann"), Descriptor("tenant=1")));
        Assert.Equal("over: ok over", await limited.CodesAsync(Descriptor("user=ann"), Descriptor("tenant=1")));
    }

    [Fact]
    public async Task A_policy_with_a_descriptor_is_for_this_servers_own_requests_only_where_it_names_routes()
    {
        await using var limited = await LimitedInstance.StartAsync("""
            "far": { "descriptor": { "domain": "edge", "entries": ["user"] }, "limits": [ { "permits": 1, "period": "1h" } ] },
            "both": { "routes": ["/v1/toys/{id}"], "by": ["route"], "descriptor": { "domain": "edge", "entries": ["route"] }, "limits": [ { "permits": 2, "period": "1h" } ] }
            """);
        for (var i = 0; i < 3; i++)
            Assert.Equal(200, (int)(await limited.GetAsync("/v1/toys")).StatusCode);
        Assert.Equal("ok: ok", await limited.CodesAsync(Descriptor("route=/v1/toys/{id}")));
        Assert.Equal(200, (int)(await limited.GetAsync("/v1/toys/7")).StatusCode);
        Assert.Equal(429, (int)(await limited.GetAsync("/v1/toys/7")).StatusCode);
        using var shown = await limited.GetAsync("/v1/limits/far");
        Assert.Contains(
            """ "routes":[],"descriptor":{"domain":"edge","entries":["user"]},""".Trim(),
            await shown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
