using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Groundwork.Testing;
using Groundwork.Testing.Processes;

namespace Groundwork.EndToEnd.Tests;

public sealed class ExperimentsTests
{
    // The drills of each system are in a class of their own, once with two rounds or more and once sabotaged; that of the database is below.
    [Fact]
    public async Task Every_drill_is_run_with_its_protection_and_without_it()
    {
        var (exitCode, output) = await GroundworkProcess.RunAsync("drill", "--list", "--json");

        Assert.True(exitCode == 0, output);
        var all = JsonDocument.Parse(output).RootElement.EnumerateArray().Select(d => d.GetProperty("name").GetString()).Order(StringComparer.Ordinal);
        Assert.Equal(all, Run(withArguments: 2).Append("database.crash").Order(StringComparer.Ordinal));
        Assert.Equal(all, Run(withArguments: 3).Append("database.crash").Order(StringComparer.Ordinal));

        static IEnumerable<string?> Run(int withArguments) =>
            from type in typeof(ExperimentsTests).Assembly.GetTypes()
            where type.Name.EndsWith("DrillsTests", StringComparison.Ordinal)
            from method in type.GetMethods()
            from run in method.GetCustomAttributes<InlineDataAttribute>()
            where run.Data.Length == withArguments
            select (string?)run.Data[0];
    }

    [Fact]
    public async Task The_database_loses_nothing_when_the_program_is_killed_while_it_writes()
    {
        var (exitCode, output) = await GroundworkProcess.RunAsync("drill", "database.crash", "--rounds", "2", "--seed", "1", "--json");

        Assert.True(exitCode == 0, output);
        var drill = Drill(output);
        Assert.True(drill.GetProperty("held").GetBoolean());
        Assert.Contains("Kills: 2", drill.GetProperty("done").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_drill_sees_the_loss_when_writes_are_acknowledged_too_early()
    {
        var (exitCode, output) = await GroundworkProcess.RunAsync("drill", "database.crash", "--rounds", "10", "--sabotage", "--json");

        Assert.True(exitCode == 1, output);
        var drill = Drill(output);
        Assert.Contains("acknowledged are lost", drill.GetProperty("seen").GetString(), StringComparison.Ordinal);
        Assert.Contains("shows that the drill can fail", drill.GetProperty("verdict").GetString(), StringComparison.Ordinal);
        Directory.Delete(drill.GetProperty("folder").GetString()!, recursive: true);
    }

    // That every one of them runs is checked by themselves: `groundwork bench --smoke` fails where one does not.
    [Fact]
    public async Task A_benchmark_says_as_json_what_each_contender_did()
    {
        var (exitCode, output) = await GroundworkProcess.RunAsync("bench", "database.sqlite", "--smoke", "--json");

        Assert.True(exitCode == 0, output);
        var benchmarks = JsonDocument.Parse(output).RootElement.GetProperty("benchmarks").EnumerateArray().ToList();
        Assert.NotEmpty(benchmarks);
        Assert.All(benchmarks, benchmark => Assert.NotEqual(0, benchmark.GetProperty("contenders").GetArrayLength()));
    }

    [Fact]
    public async Task A_run_that_an_instance_started_ends_with_it()
    {
        using var run = Process.Start(new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "groundwork.dll"), "drill", "database.crash", "--rounds", "100000", "--with-parent"])
        { RedirectStandardInput = true, RedirectStandardOutput = true })!;

        run.StandardInput.Close(); // as the end of the instance's process would
        await run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(0, run.ExitCode);
    }

    [Fact]
    public async Task A_worker_ends_with_the_drill_that_started_it()
    {
        using var folder = new TempFolder();
        using var worker = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "groundwork.dll"),
                "experiment-worker", "database.crash", $"--folder={folder.Path}", "--argument=1 0", "--rounds=1", "--seed=1",
            ])
        { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.NotNull(await worker.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

        worker.StandardInput.Close(); // as the end of the drill's process would
        await worker.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await worker.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("drill", "databse.crash", "Did you mean database.crash?")]
    [InlineData("bench", "databse", "Did you mean database?")]
    [InlineData("drill", "--rounds=0", "1 to 100000")]
    [InlineData("bench", "--rounds=1001", "1 to 1000")]
    public async Task What_cannot_be_run_is_refused_with_a_way_out(string command, string argument, string expected)
    {
        var (exitCode, output) = await GroundworkProcess.RunAsync(command, argument);

        Assert.NotEqual(0, exitCode);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    private static JsonElement Drill(string output) => JsonDocument.Parse(output).RootElement.GetProperty("drills")[0];
}
