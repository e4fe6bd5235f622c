namespace Groundwork.EndToEnd.Tests;

/// <summary>The drills of rate limits, with few rounds: each holds, and each fails without what it is about. Alone, as they take all processors.</summary>
[Collection(nameof(AloneCollection))]
public sealed class LimitsDrillsTests
{
    [Theory]
    [InlineData("limits.race", 2)]
    [InlineData("limits.skew", 2)]
    [InlineData("limits.store-down", 2)]
    [InlineData("limits.hot-key", 2)]
    public async Task What_is_claimed_of_limits_holds(string name, int rounds) => await DrillRuns.AssertHeldAsync(name, rounds);

    [Theory]
    [InlineData("limits.race", 1, "more was admitted than the limit promises")]
    [InlineData("limits.skew", 1, "more was admitted than the limit promises")]
    [InlineData("limits.store-down", 1, "outages held requests up")]
    [InlineData("limits.hot-key", 1, "others were refused for what one key did")]
    public async Task A_drill_fails_without_the_protection_that_it_is_about(string name, int rounds, string seen) =>
        await DrillRuns.AssertFailsAsync(name, rounds, seen);
}
