using Groundwork.Platform.Experiments;
using Groundwork.Platform.Experiments.Benchmarks;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;

namespace Groundwork.Platform.Tests.Experiments;

/// <summary>Benchmarks and drills made of a function, and a module that has them.</summary>
internal static class Toys
{
    public static ExperimentSetup Setup(TimeProvider time, params IReadOnlyList<Benchmark> benchmarks) =>
        new(() => [new ToyModule(benchmarks, [])], SettingValues.Of(), time);

    public static ExperimentSetup Setup(TimeProvider time, Drill drill) =>
        new(() => [new ToyModule([], [drill])], SettingValues.Of(), time);

    private sealed class ToyModule(IReadOnlyList<Benchmark> benchmarks, IReadOnlyList<Drill> drills) : Module
    {
        public override string Name => "Toy";

        public override string Summary => "For tests.";

        public override IReadOnlyList<Benchmark> Benchmarks => benchmarks;

        public override IReadOnlyList<Drill> Drills => drills;
    }
}

internal sealed class ToyBenchmark(string name, params IReadOnlyList<Contender> contenders) : Benchmark
{
    public override string Name => name;

    public override string Work => "Nothing, over and over.";

    public override string Unit => "nothings";

    public IBenchmarkContext? Given { get; private set; }

    public override Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        Given = context;
        return Task.FromResult(contenders);
    }
}

internal sealed class ToyDrill(Func<IDrillContext, CancellationToken, Task<DrillResult>> run) : Drill
{
    public override string Name => "toy.break";

    public override string Claim => "It bends.";

    public override string Sabotage => "It is brittle.";

    public override int DefaultRounds => 7;

    public override Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken) => run(context, cancellationToken);
}

internal sealed class Unwatched : IExperimentProgress
{
    public void Report(string experiment, int done, int total, string what) => Assert.InRange(done, 0, total);
}

/// <summary>A processor that has spent what a test says.</summary>
internal sealed class ToyProcessor : IProcessorClock
{
    public double OwnSeconds { get; set; }

    public double ServerSeconds { get; set; }

    public TimeSpan Own() => TimeSpan.FromSeconds(OwnSeconds);

    public TimeSpan Of(int process) => TimeSpan.FromSeconds(ServerSeconds);
}
