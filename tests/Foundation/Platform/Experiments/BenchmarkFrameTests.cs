using System.Text.Json;
using Groundwork.Platform.Experiments;
using Groundwork.Platform.Experiments.Benchmarks;
using Groundwork.Platform.Experiments.Programs;
using Groundwork.Platform.Http;
using Groundwork.Ports.Experiments;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Experiments;

public sealed class BenchmarkFrameTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly ToyProcessor _processor = new();

    [Fact]
    public async Task Contenders_take_turns_after_a_warm_up_each()
    {
        var turns = new List<string>();
        await RunAsync(3, new ToyBenchmark("toy.turns", Turn("A"), Turn("B")));

        Assert.Equal(["A", "B", "A", "B", "A", "B", "A", "B"], turns);

        Contender Turn(string name) => new(name, _ =>
        {
            turns.Add(name);
            return Task.FromResult(1L);
        });
    }

    [Fact]
    public async Task Ratios_are_taken_round_by_round_and_the_warm_up_does_not_count()
    {
        // Ratios of speed: 4, 1/2, 1/2. The ratio of the medians would be 1: wrong, because it compares different moments.
        var ours = Scripted("ours", 100, seconds: [99, 1, 2, 4], processorSeconds: [99, 1, 1, 1]);
        var rival = Scripted("rival", 100, seconds: [99, 4, 1, 2], processorSeconds: [99, 2, 4, 5]);

        var result = Assert.Single((await RunAsync(3, new ToyBenchmark("toy.ratio", ours, rival))).Benchmarks);

        Assert.Equal(new Spread(50, 25, 100), result.Contenders[0].OperationsPerSecond);
        Assert.Equal(new Spread(10_000, 10_000, 10_000), result.Contenders[0].ProcessorMicrosecondsPerOperation);
        Assert.Null(result.Contenders[0].SpeedRatio);
        Assert.Equal(new Spread(50, 25, 100), result.Contenders[1].OperationsPerSecond);
        Assert.Equal(new Spread(0.5, 0.5, 4), result.Contenders[1].SpeedRatio);
        Assert.Equal(new Spread(0.25, 0.2, 0.5), result.Contenders[1].ProcessorRatio);
    }

    [Fact]
    public async Task A_rivals_server_counts_with_what_we_spend_to_drive_it()
    {
        var rival = new Contender(
            "rival",
            _ =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                _processor.OwnSeconds += 2;
                _processor.ServerSeconds += 3;
                return Task.FromResult(1_000_000L);
            },
            ServerProcess: 1);

        var contender = (await RunAsync(1, new ToyBenchmark("toy.server", rival))).Benchmarks[0].Contenders[0];

        Assert.Equal(5, contender.ProcessorMicrosecondsPerOperation.Median);
        Assert.Equal(ProcessorAccounting.ThisProcessAndServer, contender.Accounting);
    }

    [Fact]
    public async Task Where_we_only_drive_the_load_the_server_alone_counts()
    {
        var ours = new Contender(
            "ours",
            _ =>
            {
                _processor.OwnSeconds += 2;
                _processor.ServerSeconds += 3;
                return Task.FromResult(1_000_000L);
            },
            ServerProcess: 1)
        { OnlyServerCounts = true };

        var contender = (await RunAsync(1, new ToyBenchmark("toy.load", ours))).Benchmarks[0].Contenders[0];

        Assert.Equal(3, contender.ProcessorMicrosecondsPerOperation.Median);
        Assert.Equal(ProcessorAccounting.Server, contender.Accounting);
    }

    [Fact]
    public async Task Figures_are_read_after_each_round_that_counts()
    {
        var round = -1;
        var contender = new Contender("ours", _ => Task.FromResult<long>(++round + 1))
        {
            FiguresAsync = _ => new([new Figure("p99", round * 10, FigureUnit.Milliseconds), .. round == 2 ? [new Figure("peak", 7, FigureUnit.Bytes)] : Array.Empty<Figure>()]),
        };

        var figures = (await RunAsync(3, new ToyBenchmark("toy.figures", contender))).Benchmarks[0].Contenders[0].Figures;

        Assert.Equal([new("p99", FigureUnit.Milliseconds, new(20, 10, 30)), new("peak", FigureUnit.Bytes, new(7, 7, 7))], figures);
    }

    [Fact]
    public async Task Who_cannot_run_here_is_named_with_the_reason()
    {
        var benchmark = new ToyBenchmark("toy.alone", Contender.Absent("ours", "no disk"), Scripted("rival", 1, [1, 1], [1, 1]));

        var report = await RunAsync(1, benchmark);

        Assert.True(report.Succeeded);
        Assert.Equal([new MissingContender("ours", "no disk")], report.Benchmarks[0].Missing);
        var rival = Assert.Single(report.Benchmarks[0].Contenders);
        Assert.Null(rival.SpeedRatio);
    }

    [Fact]
    public async Task A_benchmark_that_fails_is_reported_lets_go_and_the_next_one_runs()
    {
        var released = new List<string>();
        var failing = new ToyBenchmark(
            "toy.fails",
            new Contender("ours", _ => throw new InvalidOperationException("it broke"), Release("ours")),
            new Contender("rival", _ => Task.FromResult(1L), Release("rival")));
        var idle = new ToyBenchmark("toy.idle", new Contender("ours", _ => Task.FromResult(0L)));
        var fine = new ToyBenchmark("toy.fine", Scripted("ours", 1, [1, 1], [1, 1]));

        var report = await RunAsync(1, failing, idle, fine);

        Assert.False(report.Succeeded);
        Assert.Equal(["it broke", "ours did nothing in a round.", null], report.Benchmarks.Select(b => b.Error));
        Assert.Equal(["ours", "rival"], released);
        Assert.All([failing, fine], benchmark => Assert.False(Directory.Exists(benchmark.Given!.Folder)));

        Func<ValueTask> Release(string name) => () =>
        {
            released.Add(name);
            return ValueTask.CompletedTask;
        };
    }

    [Fact]
    public async Task A_round_too_short_to_be_measured_has_no_ratio()
    {
        var report = await RunAsync(1, new ToyBenchmark("toy.short", Scripted("ours", 1, [1, 1], [0, 0]), Scripted("rival", 1, [1, 1], [0, 0])));

        Assert.Equal(new Spread(1, 1, 1), report.Benchmarks[0].Contenders[1].SpeedRatio);
        Assert.Null(report.Benchmarks[0].Contenders[1].ProcessorRatio);
    }

    [Fact]
    public async Task The_json_keeps_its_shape()
    {
        var benchmark = new ToyBenchmark(
            "toy.json", Scripted("ours", 100, [1, 1], [1, 2]), Scripted("rival", 100, [1, 2], [1, 4]), Contender.Absent("nginx", "not installed"));
        var report = await RunAsync(1, benchmark) with { Machine = new Machine("a chip", 2, 1024, "an OS", "a runtime", "ext4") };

        Assert.Equal(
            """
            {"schema":"groundwork-bench/1","date":"2026-11-24T12:00:00Z",
            "machine":{"processor":"a chip","cores":2,"memory_bytes":1024,"operating_system":"an OS","runtime":"a runtime","file_system":"ext4"},
            "smoke":false,"benchmarks":[{"name":"toy.json","work":"Nothing, over and over.","unit":"nothings","contenders":[
            {"name":"ours","accounting":"this_process","rounds":[{"operations":100,"seconds":1,"processor_seconds":2}],
            "operations_per_second":{"median":100,"min":100,"max":100},
            "processor_microseconds_per_operation":{"median":20000,"min":20000,"max":20000}},
            {"name":"rival","accounting":"this_process","rounds":[{"operations":100,"seconds":2,"processor_seconds":4}],
            "operations_per_second":{"median":50,"min":50,"max":50},
            "processor_microseconds_per_operation":{"median":40000,"min":40000,"max":40000},
            "speed_ratio":{"median":2,"min":2,"max":2},"processor_ratio":{"median":0.5,"min":0.5,"max":0.5}}],
            "missing":[{"name":"nginx","reason":"not installed"}]}],"succeeded":true}
            """.ReplaceLineEndings(""),
            JsonSerializer.Serialize(report, HttpJson.Options));
    }

    [Fact]
    public void The_median_of_an_even_count_is_the_mean_of_the_middle_two() =>
        Assert.Equal(new Spread(2.5, 1, 9), Spread.Of([9, 3, 1, 2]));

    private Task<BenchmarkReport> RunAsync(int rounds, params ToyBenchmark[] benchmarks) =>
        new BenchmarkFrame(Toys.Setup(_time, benchmarks), new ProgramLauncher("none", [], []), _processor, new Unwatched())
            .RunAsync(benchmarks, rounds, smoke: false, TestContext.Current.CancellationToken);

    // Takes the given times, one a round, the warm-up's first.
    private Contender Scripted(string name, long operations, double[] seconds, double[] processorSeconds)
    {
        var round = 0;
        return new Contender(name, _ =>
        {
            _time.Advance(TimeSpan.FromSeconds(seconds[round]));
            _processor.OwnSeconds += processorSeconds[round++];
            return Task.FromResult(operations);
        });
    }
}
