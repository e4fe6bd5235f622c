namespace Groundwork.EndToEnd.Tests;

/// <summary>The drills of the cache, with few rounds: each holds, and each fails without what it is about. Alone, as they take all processors.</summary>
[Collection(nameof(AloneCollection))]
public sealed class CacheDrillsTests
{
    [Theory]
    [InlineData("cache.stampede", 2)]
    [InlineData("cache.stale-fill", 2)]
    [InlineData("cache.scan", 2)]
    [InlineData("cache.hot-key", 2)]
    [InlineData("cache.cold", 2)]
    [InlineData("cache.down", 2)]
    [InlineData("cache.kill", 2)]
    public async Task What_is_claimed_of_the_cache_holds(string name, int rounds) => await DrillRuns.AssertHeldAsync(name, rounds);

    [Theory]
    [InlineData("cache.stampede", 1, "the key was loaded more than once")]
    [InlineData("cache.stale-fill", 1, "an old value was read")]
    [InlineData("cache.scan", 1, "the hot set was pushed out")]
    [InlineData("cache.hot-key", 1, "the server was asked too often")]
    [InlineData("cache.cold", 1, "more loads ran at once than the gates let through")]
    [InlineData("cache.down", 1, "called into by everybody")]
    [InlineData("cache.kill", 1, "served what was near before")]
    public async Task A_drill_fails_without_the_protection_that_it_is_about(string name, int rounds, string seen) =>
        await DrillRuns.AssertFailsAsync(name, rounds, seen);
}
