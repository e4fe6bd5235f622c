using System.Text.Json;
using Groundwork.Testing.Processes;

namespace Groundwork.EndToEnd.Tests;

/// <summary>Drills, run as a user runs them.</summary>
internal static class DrillRuns
{
    /// <summary>The claim holds.</summary>
    public static async Task AssertHeldAsync(string name, int rounds)
    {
        var (exitCode, output) = await GroundworkProcess.RunAsync("drill", name, "--rounds", $"{rounds}", "--json");

        Assert.True(exitCode == 0, output);
        var drill = Drill(output);
        Assert.True(drill.GetProperty("held").GetBoolean());
        Assert.Equal(rounds, drill.GetProperty("rounds").GetInt32());
    }

    /// <summary>Without its protection it does not, and this was seen: a pattern, where chance decides what is seen first.</summary>
    public static async Task AssertFailsAsync(string name, int rounds, string seen)
    {
        var (exitCode, output) = await GroundworkProcess.RunAsync("drill", name, "--rounds", $"{rounds}", "--sabotage", "--json");

        Assert.True(exitCode == 1, output);
        var drill = Drill(output);
        Assert.Matches(seen, drill.GetProperty("seen").GetString());
        Assert.Contains("shows that the drill can fail", drill.GetProperty("verdict").GetString(), StringComparison.Ordinal);
        Directory.Delete(drill.GetProperty("folder").GetString()!, recursive: true);
    }

    private static JsonElement Drill(string output) => JsonDocument.Parse(output).RootElement.GetProperty("drills")[0];
}
