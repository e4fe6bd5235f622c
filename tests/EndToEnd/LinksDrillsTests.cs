using Groundwork.Testing.Servers;

namespace Groundwork.EndToEnd.Tests;

/// <summary>The drills of Links, with few rounds: each holds, and each fails without what it is about. Alone, as they state times.</summary>
[Collection(nameof(AloneCollection))]
public sealed class LinksDrillsTests
{
    [Theory]
    [InlineData("links.crash", 2)]
    [InlineData("links.enumeration", 2)]
    [InlineData("links.stampede", 2)]
    public async Task What_is_claimed_of_links_holds(string name, int rounds) => await DrillRuns.AssertHeldAsync(name, rounds);

    [Theory]
    [InlineData("links.database-down", 2)]
    [InlineData("links.failover", 2)]
    public async Task What_is_claimed_of_links_on_PostgreSQL_holds(string name, int rounds)
    {
        PostgresServer.Require();
        await DrillRuns.AssertHeldAsync(name, rounds);
    }

    [Theory]
    [InlineData("links.crash", 10, "lost")]
    [InlineData("links.enumeration", 1, "Guessing beats chance: neighbours")]
    [InlineData("links.stampede", 1, "10,000 reads")]
    public async Task A_drill_fails_without_the_protection_that_it_is_about(string name, int rounds, string seen) =>
        await DrillRuns.AssertFailsAsync(name, rounds, seen);

    [Theory]
    [InlineData("links.database-down", 1, "hot links were not followed")]
    [InlineData("links.failover", 1, "acknowledged links are lost")]
    public async Task A_drill_on_PostgreSQL_fails_without_the_protection_that_it_is_about(string name, int rounds, string seen)
    {
        PostgresServer.Require();
        await DrillRuns.AssertFailsAsync(name, rounds, seen);
    }
}

/// <summary>Tests that nothing else runs beside.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
