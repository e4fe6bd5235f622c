using System.Text;
using Groundwork.RateLimits.Policies;

namespace Groundwork.RateLimits.Tests.Policies;

/// <summary>What people write, and what they are told.</summary>
public sealed class PolicyFileTests
{
    private const string Limit = """ { "permits": 1, "period": "1m" } """;

    [Theory]
    [InlineData("", "at $")]
    [InlineData("[]", "at $")]
    [InlineData("{}", "policies")]
    [InlineData("null", "null")]
    [InlineData("""{ "policies": { "a": {} } }""", "limits")]
    [InlineData("""{ "policies": { "a": { "limits": [] } } }""", "has 0 limits; 1 to 4")]
    [InlineData("""{ "policies": { "a": { "limits": [ {} ] } } }""", "permits")]
    [InlineData("""{ "policies": { "A": { "limits": [ LIMIT ] } } }""", "1 to 32 of a-z")]
    [InlineData("""{ "policies": { "a": { "limits": [ LIMIT ], "colour": 1 } } }""", "colour")]
    [InlineData("""{ "policies": { "a": { "limits": [ LIMIT, LIMIT ] } } }""", "has a limit twice")]
    [InlineData("""{ "policies": { "a": { "limits": [ LIMIT ], "cost": -1 } } }""", "has a cost of -1")]
    [InlineData("""{ "policies": { "a": { "limits": [ LIMIT ], "by": ["moon"] } } }""", "tells callers apart by 'moon'")]
    [InlineData("""{ "policies": { "a": { "limits": [ LIMIT ], "by": ["header:"] } } }""", "tells callers apart by 'header:'")]
    [InlineData("""{ "policies": { "a": { "limits": [ LIMIT ], "routes": ["v1"] } } }""", "a route begins with /")]
    [InlineData("""{ "policies": { "a": { "limits": [ LIMIT ], "routes": ["/*/a"] } } }""", "may end with *")]
    [InlineData("""{ "policies": { "a": { "limits": [ LIMIT ], "exempt": ["address:x"] } } }""", "exempts 'address:x'")]
    [InlineData("""{ "policies": { "a": { "limits": [ LIMIT ], "store_down": "maybe" } } }""", "store_down")]
    [InlineData("""{ "policies": { "a": { "limits": [ LIMIT ], "batch": -1 } } }""", "has a batch of -1; it is 0 to 1000")]
    [InlineData("""{ "policies": { "a": { "limits": [ LIMIT ], "batch": 1001 } } }""", "has a batch of 1001; it is 0 to 1000")]
    [InlineData("""{ "policies": { "a": { "limits": [ LIMIT ], "batch": 1.5 } } }""", "batch")]
    [InlineData("""{ "policies": { "a": { "limits": [ LIMIT ], "batch": 2 } } }""", "never admits more than 1 at once")]
    [InlineData("""{ "policies": { "a": { "limits": [ LIMIT, { "permits": 9, "period": "1h" } ], "batch": 1 } } }""", "has a batch and 2 limits")]
    [InlineData("""{ "policies": { "a": { "limits": [ { "permits": 9, "period": "1m", "algorithm": "concurrency" } ], "batch": 2 } } }""", "which a concurrency limit cannot have")]
    [InlineData("""{ "policies": { "a": { "limits": [ { "permits": 9, "period": "1s", "algorithm": "leaky-bucket" } ], "batch": 2 } } }""", "which a leaky-bucket limit cannot have")]
    [InlineData("""{ "policies": { "a": { "limits": [ { "permits": 0, "period": "1m" } ] } } }""", "cannot be counted")]
    [InlineData("""{ "policies": { "a": { "limits": [ { "permits": 1.5, "period": "1m" } ] } } }""", "permits")]
    [InlineData("""{ "policies": { "a": { "limits": [ { "permits": 1, "period": "soon" } ] } } }""", "the period 'soon'")]
    [InlineData("""{ "policies": { "a": { "limits": [ { "permits": 1, "period": "0s" } ] } } }""", "cannot be counted")]
    [InlineData("""{ "policies": { "a": { "limits": [ { "permits": 1, "period": "365000d" } ] } } }""", "cannot be counted")]
    [InlineData("""{ "policies": { "a": { "limits": [ { "permits": 1, "period": "1m", "algorithm": "magic" } ] } } }""", "the algorithm 'magic'")]
    [InlineData("""{ "policies": { "a": { "limits": [ { "permits": 1, "period": "1m", "algorithm": "fixed-window", "burst": 5 } ] } } }""", "cannot be counted")]
    [InlineData("""{ "policies": { "a": { "limits": [ { "permits": 1, "period": "1m", "algorithm": "leaky-bucket", "burst": 5 } ] } } }""", "wait longer than 30 s")]
    [InlineData("""{ "policies": { "a": { "limits": [ LIMIT ], "descriptor": { "domain": "edge" } } } }""", "entries")]
    [InlineData("""{ "policies": { "a": { "limits": [ LIMIT ], "descriptor": { "domain": "", "entries": ["a"] } } } }""", "a domain of 0 characters; it is 1 to 256")]
    [InlineData("""{ "policies": { "a": { "limits": [ LIMIT ], "descriptor": { "domain": "edge", "entries": [] } } } }""", "has in its descriptor 0 entries; 1 to 16")]
    [InlineData("""{ "policies": { "a": { "limits": [ LIMIT ], "descriptor": { "domain": "edge", "entries": ["=a"] } } } }""", "the entry '=a'; it is a key, or key=value")]
    [InlineData("""{ "policies": { "a": { "limits": [ LIMIT ], "descriptor": { "domain": "edge", "entries": ["a"], "colour": 1 } } } }""", "colour")]
    [InlineData("""{ "policies": { "a": { "limits": [ { "permits": 1, "period": "1m", "algorithm": "concurrency" } ], "descriptor": { "domain": "edge", "entries": ["a"] } } } }""", "has a descriptor and a concurrency limit, and Envoy gives nothing back")]
    [InlineData("""{ "policies": { "a": { "limits": [ { "permits": 1, "period": "1s", "algorithm": "leaky-bucket" } ], "descriptor": { "domain": "edge", "entries": ["a"] } } } }""", "and Envoy lets no request wait for its turn")]
    public void What_is_wrong_is_said_with_its_place(string json, string said)
    {
        Assert.False(PolicyReader.TryRead(Encoding.UTF8.GetBytes(json.Replace("LIMIT", Limit, StringComparison.Ordinal)), out _, out var error));
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public void More_policies_than_are_allowed_are_refused()
    {
        var many = string.Join(',', Enumerable.Range(0, 201).Select(i => $$"""{{'"'}}p{{i}}": { "limits": [ {{Limit}} ] }"""));
        Assert.False(PolicyReader.TryRead(Encoding.UTF8.GetBytes($$"""{ "policies": { {{many}} } }"""), out _, out var error));
        Assert.Contains("it has 201 policies; 200 are allowed", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_changes_is_in_force_without_a_restart_and_a_mistake_in_it_changes_nothing()
    {
        await using var limited = await LimitedInstance.StartAsync(""" "api": { "limits": [ { "permits": 1, "period": "1h" } ] } """);
        Assert.Equal(200, (int)(await limited.GetAsync("/v1/toys")).StatusCode);
        Assert.Equal(429, (int)(await limited.GetAsync("/v1/toys")).StatusCode);

        limited.Write(""" "api": { "limits": [ { "permits": 0, "period": "1h" } ] } """);
        await limited.Book.LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal(429, (int)(await limited.GetAsync("/v1/toys")).StatusCode);
        Assert.Contains("cannot be counted", limited.Book.Problem, StringComparison.Ordinal);
        var ready = await (await limited.GetAsync("/health/ready")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("The file of policies cannot be used", ready, StringComparison.Ordinal);

        limited.Write(""" "api": { "limits": [ { "permits": 2, "period": "1h" } ] } """);
        await limited.Book.LookAsync(TestContext.Current.CancellationToken);
        Assert.Null(limited.Book.Problem);
        Assert.Equal(200, (int)(await limited.GetAsync("/v1/toys")).StatusCode);
        Assert.Equal((2, 2), (limited.Book.Set.Find("api")!.Counts.Allowed, limited.Book.Set.Find("api")!.Counts.Refused));
    }
}
