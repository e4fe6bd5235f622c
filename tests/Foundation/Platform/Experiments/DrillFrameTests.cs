using System.Diagnostics;
using System.Globalization;
using CsCheck;
using Groundwork.Platform.Experiments.Drills;
using Groundwork.Platform.Experiments.Programs;
using Groundwork.Ports.Experiments;

namespace Groundwork.Platform.Tests.Experiments;

public sealed class DrillFrameTests
{
    private static readonly DrillResult Held = new(true, "bent it", "it bent");
    private static readonly DrillResult Broken = new(false, "bent it", "it broke");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_claim_that_holds_leaves_nothing_behind()
    {
        string? folder = null;
        var outcome = await RunAsync((context, _) =>
        {
            folder = context.Folder;
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
            Assert.Equal(7, context.Rounds);
            return Task.FromResult(Held);
        });

        Assert.True(outcome.Held);
        Assert.Null(outcome.Folder);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_claim_that_fails_keeps_its_folder_and_names_it()
    {
        var outcome = await RunAsync((_, _) => Task.FromResult(Broken));

        Assert.False(outcome.Held);
        Assert.Null(outcome.Error);
        Assert.True(Directory.Exists(outcome.Folder));
        Directory.Delete(outcome.Folder!);
    }

    [Fact]
    public async Task A_drill_that_cannot_be_carried_out_shows_nothing()
    {
        var outcome = await RunAsync((_, _) => throw new InvalidOperationException("no room"));

        Assert.False(outcome.Held);
        Assert.Equal("no room", outcome.Error);
        Assert.Contains("nothing is shown", outcome.Verdict, StringComparison.Ordinal);
        Directory.Delete(outcome.Folder!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_drill_that_this_machine_cannot_carry_out_is_neither_held_nor_failed(bool sabotage)
    {
        string? folder = null;
        var outcome = await RunAsync(
            (context, _) =>
            {
                folder = context.Folder;
                return Task.FromResult(DrillResult.NotHere("no anvil"));
            },
            sabotage: sabotage,
            reportHeld: true);

        Assert.False(outcome.Held);
        Assert.Equal(("no anvil", null, null), (outcome.Missing, outcome.Error, outcome.Folder));
        Assert.Contains("on this machine", outcome.Verdict, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    [Theory]
    [InlineData(true, false, "The claim held.")]
    [InlineData(false, false, "does not hold")]
    [InlineData(false, true, "shows that the drill can fail")]
    [InlineData(true, true, "has shown nothing")]
    public async Task A_verdict_says_what_the_outcome_means(bool held, bool sabotage, string expected)
    {
        var outcome = await RunAsync(
            (context, _) => Task.FromResult(context.Sabotage == sabotage && held ? Held : Broken), sabotage: sabotage);

        Assert.Equal(held, outcome.Held);
        Assert.Contains(expected, outcome.Verdict, StringComparison.Ordinal);
        if (outcome.Folder is { } folder)
            Directory.Delete(folder);
    }

    [Fact]
    public async Task The_same_seed_makes_the_same_choices_here_and_in_every_worker()
    {
        var (first, second, other) = (await ChoicesAsync(3), await ChoicesAsync(3), await ChoicesAsync(4));

        Assert.Equal(first, second);
        Assert.Distinct(first);
        Assert.Empty(first.Intersect(other));

        async Task<List<int>> ChoicesAsync(int seed)
        {
            var choices = new List<int>();
            var shell = new Shell("exit 0");
            await RunAsync(
                (context, _) =>
                {
                    choices.Add(context.Random.Next());
                    context.StartWorker("one");
                    context.StartWorker("two");
                    return Task.FromResult(Held);
                },
                shell,
                seed);
            Assert.Equal(["one", "two"], shell.Orders.Select(o => o.Argument));
            return [.. choices, .. shell.Orders.Select(o => o.Seed)];
        }
    }

    [Fact]
    public async Task A_line_that_the_workers_end_cut_off_does_not_count()
    {
        var lines = new List<string>();
        await RunAsync(
            async (context, cancellationToken) =>
            {
                await using var worker = context.StartWorker("");
                await foreach (var line in worker.ReadLinesAsync(cancellationToken))
                    lines.Add(line);
                return Held;
            },
            new Shell("echo 12; echo 13; printf 1"));

        Assert.Equal(["12", "13"], lines);
    }

    [Fact]
    public async Task A_worker_that_fails_by_itself_is_no_injected_failure()
    {
        var outcome = await RunAsync(
            async (context, cancellationToken) =>
            {
                await using var worker = context.StartWorker("");
                await foreach (var line in worker.ReadLinesAsync(cancellationToken))
                    Assert.Equal("12", line);
                return Held;
            },
            new Shell("echo 12; echo no such table >&2; exit 3"));

        Assert.False(outcome.Held);
        Assert.Contains("exit code 3: no such table", outcome.Error, StringComparison.Ordinal);
        Directory.Delete(outcome.Folder!);
    }

    [Fact]
    public async Task A_worker_that_is_killed_or_forgotten_is_gone_when_the_drill_ends()
    {
        var workers = new List<int>();
        var outcome = await RunAsync(
            async (context, cancellationToken) =>
            {
                var (killed, forgotten) = (context.StartWorker(""), context.StartWorker(""));
                await foreach (var line in killed.ReadLinesAsync(cancellationToken))
                {
                    workers.Add(int.Parse(line, CultureInfo.InvariantCulture));
                    killed.Kill();
                }

                await foreach (var line in forgotten.ReadLinesAsync(cancellationToken))
                {
                    workers.Add(int.Parse(line, CultureInfo.InvariantCulture));
                    break;
                }

                return Held;
            },
            new Shell("echo $$; exec sleep 1000"));

        Assert.True(outcome.Held, outcome.Error);
        Assert.Equal(2, workers.Count);
        Assert.All(workers, id => Assert.Throws<ArgumentException>(() => Process.GetProcessById(id)));
    }

    [Fact]
    public void A_workers_order_survives_the_command_line()
        => Gen.Select(Gen.String, Gen.String, Gen.Int, Gen.Int, Gen.Bool).Sample((folder, argument, rounds, seed, sabotage) =>
        {
            var order = new WorkerOrder("database.crash", folder, argument, rounds, seed, sabotage);
            var words = order.ToWords();
            return words[0] == WorkerOrder.Command && WorkerOrder.Parse([.. words.Skip(1)]) == order;
        });

    [Fact]
    public void Settings_reach_a_worker_where_others_cannot_read_them()
    {
        var launcher = new ProgramLauncher("groundwork", ["word"], [new("Database:Connection", "Password=secret")]);
        var start = launcher.Describe(["up"]);

        Assert.Equal(["word", "up"], start.ArgumentList);
        Assert.Equal("Password=secret", start.Environment["GROUNDWORK_DATABASE__CONNECTION"]);
        Assert.DoesNotContain(start.ArgumentList, word => word.Contains("secret", StringComparison.Ordinal));
    }

    private static async Task<DrillOutcome> RunAsync(
        Func<IDrillContext, CancellationToken, Task<DrillResult>> run, Shell? shell = null, int seed = 1, bool sabotage = false,
        bool? reportHeld = null)
    {
        var drill = new ToyDrill(run);
        var frame = new DrillFrame(Toys.Setup(TimeProvider.System, drill), shell ?? new Shell("exit 0"), new Unwatched());
        var report = await frame.RunAsync([drill], rounds: null, seed, sabotage, Cancellation);
        Assert.Equal(reportHeld ?? report.Drills[0].Held, report.Held);
        return report.Drills[0];
    }

    /// <summary>A worker that is a script, whatever it was told to do.</summary>
    private sealed class Shell(string script) : IProgramLauncher
    {
        public List<WorkerOrder> Orders { get; } = [];

        public ProcessStartInfo Describe(IReadOnlyList<string> words)
        {
            Orders.Add(WorkerOrder.Parse([.. words.Skip(1)]));
            return new ProcessStartInfo("/bin/sh", ["-c", script]);
        }
    }
}
