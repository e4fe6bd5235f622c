namespace Groundwork.EndToEnd.Tests;

/// <summary>The drills of the broker, with few rounds: each holds, and each fails without what it is about. Alone, as they take all processors.</summary>
[Collection(nameof(AloneCollection))]
public sealed class BrokerDrillsTests
{
    [Theory]
    [InlineData("broker.power-loss", 6)]
    [InlineData("broker.torn-tail", 3)]
    [InlineData("broker.bit-rot", 2)]
    [InlineData("broker.disk-full", 3)]
    [InlineData("broker.zombie-producer", 3)]
    [InlineData("broker.slow-consumer", 2)]
    [InlineData("broker.rebalance-storm", 2)]
    [InlineData("broker.outbox", 3)]
    public async Task What_is_claimed_of_the_broker_holds(string name, int rounds) => await DrillRuns.AssertHeldAsync(name, rounds);

    [Theory]
    [InlineData("broker.power-loss", 5, "acknowledged records are lost")]
    [InlineData("broker.torn-tail", 5, "cannot be read to their end")]
    [InlineData("broker.bit-rot", 5, "damaged records were served")]
    [InlineData("broker.disk-full", 5, "was acknowledged|refused although there was room")]
    [InlineData("broker.zombie-producer", 1, "whose place was taken were not refused")]
    [InlineData("broker.slow-consumer", 1, "held more memory than is allowed")]
    [InlineData("broker.rebalance-storm", 5, "commits of an older generation were taken")]
    [InlineData("broker.outbox", 2, "that committed were not told|that did not commit were told")]
    public async Task A_drill_fails_without_the_protection_that_it_is_about(string name, int rounds, string seen) =>
        await DrillRuns.AssertFailsAsync(name, rounds, seen);
}
