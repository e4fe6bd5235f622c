using System.Diagnostics;
using Groundwork.Platform.Experiments.Programs;
using Groundwork.Platform.Experiments.Runs;
using Groundwork.Ports.Database;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Experiments.Runs;

public sealed class ExperimentRunsTests
{
    private const string Forever = "echo begun; exec sleep 1000";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_is_followed_line_by_line_to_its_end_and_remembered()
    {
        await using var runs = Runs("echo \"$*\"; echo oops >&2; exit 3");
        var run = runs.Start(new(ExperimentKind.Drill, "toy.break") { Smoke = true, Rounds = 2, Seed = 7 }, "ann").Run!;
        Assert.Equal("groundwork drill toy.break --smoke --rounds=2 --seed=7", run.CommandLine);

        var lines = await LinesAsync(runs, run.Id);
        Assert.Contains(lines, l => !l.IsError && l.Text == "drill toy.break --smoke --rounds=2 --seed=7 --with-parent");
        Assert.Contains(lines, l => l is { IsError: true, Text: "oops" });
        Assert.Equal([1, 2], lines.Select(l => l.Number));
        var ended = runs.Find(run.Id)!;
        Assert.Equal((RunState.Failed, 3, "ann", 2), (ended.State, ended.ExitCode, ended.By, ended.Lines));
        Assert.Equal(2, Assert.Single(await LinesAsync(runs, run.Id, after: 1)).Number);
        Assert.Empty(await LinesAsync(runs, 99));
    }

    [Fact]
    public async Task There_is_one_run_at_a_time_and_it_can_be_cancelled()
    {
        await using var runs = Runs(Forever);
        var run = runs.Start(new(ExperimentKind.Benchmark, "toy.bench"), "ann").Run!;
        Assert.Contains("still running", runs.Start(new(ExperimentKind.Drill, "toy.break"), "bob").Refusal, StringComparison.Ordinal);

        Assert.True(await runs.CancelAsync(run.Id));
        Assert.Equal(RunState.Cancelled, runs.Find(run.Id)!.State);
        Assert.False(await runs.CancelAsync(run.Id));
        Assert.NotNull(runs.Start(new(ExperimentKind.Drill, "toy.break"), "bob").Run);
    }

    [Fact]
    public async Task What_runs_ends_with_the_instance()
    {
        var runs = Runs(Forever);
        var run = runs.Start(new(ExperimentKind.Drill, "toy.break"), "ann").Run!;
        await runs.DisposeAsync();
        Assert.Equal(RunState.Cancelled, runs.Find(run.Id)!.State);
        Assert.Contains("stopping", runs.Start(new(ExperimentKind.Drill, "toy.break"), "ann").Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExperimentKind.Drill, "toy", null, null, "There is no drill 'toy'.")]
    [InlineData(ExperimentKind.Benchmark, "toy.break", null, null, "There is no benchmark 'toy.break'.")]
    [InlineData(ExperimentKind.Drill, "--help", null, null, "There is no drill '--help'.")]
    [InlineData(ExperimentKind.Drill, "toy.break", 0, null, "Rounds is a whole number from 1 to 100000.")]
    [InlineData(ExperimentKind.Benchmark, "toy.bench", 1001, null, "Rounds is a whole number from 1 to 1000.")]
    [InlineData(ExperimentKind.Benchmark, "toy.bench", null, 3, "A benchmark has no seed.")]
    public async Task What_cannot_be_run_is_refused_with_the_reason(ExperimentKind kind, string name, int? rounds, int? seed, string reason)
    {
        await using var runs = Runs("exit 0");
        Assert.Equal(reason, runs.Start(new(kind, name) { Rounds = rounds, Seed = seed }, "ann").Refusal);
        Assert.Empty(runs.List());
    }

    [Fact]
    public async Task The_last_runs_and_the_last_lines_are_remembered()
    {
        await using var runs = Runs($"i=0; while [ $i -lt {RunUnderWay.MaxLines + 50} ]; do echo $i; i=$((i+1)); done");
        for (var i = 0; i < ExperimentRuns.Remembered + 2; i++)
            await LinesAsync(runs, runs.Start(new(ExperimentKind.Drill, "toy.break"), "ann").Run!.Id);

        Assert.Equal(Enumerable.Range(3, ExperimentRuns.Remembered).Reverse(), runs.List().Select(r => (int)r.Id));
        var lines = await LinesAsync(runs, runs.List()[0].Id);
        Assert.Equal((RunUnderWay.MaxLines, 51), (lines.Count, lines[0].Number));
    }

    [Fact]
    public void A_run_gets_the_instances_settings_but_no_way_to_its_database()
    {
        var start = RunLauncher.Of(SettingValues.Of((DatabaseSettings.Connection, "Host=there"), (DatabaseSettings.BatchSize, "17"))).Describe(["drill"]);
        Assert.Equal("", start.Environment["GROUNDWORK_DATABASE__CONNECTION"]);
        Assert.Equal("17", start.Environment["GROUNDWORK_DATABASE__BATCHSIZE"]);
    }

    private static async Task<List<RunLine>> LinesAsync(ExperimentRuns runs, long id, long after = 0)
    {
        var lines = new List<RunLine>();
        await foreach (var line in runs.FollowAsync(id, after, Cancellation))
            lines.Add(line);
        return lines;
    }

    private static ExperimentRuns Runs(string script) =>
        new([new Toy()], new Shell(script), new FakeTimeProvider(), NullLogger<ExperimentRuns>.Instance);

    private sealed class Shell(string script) : IProgramLauncher
    {
        public ProcessStartInfo Describe(IReadOnlyList<string> words) => new("/bin/sh", ["-c", script, "sh", .. words]);
    }

    private sealed class Toy : Module
    {
        public override string Name => "Toy";

        public override string Summary => "For tests.";

        public override IReadOnlyList<Drill> Drills => [new ToyDrill((_, _) => throw new NotSupportedException())];

        public override IReadOnlyList<Benchmark> Benchmarks => [new ToyBenchmark("toy.bench")];
    }
}
