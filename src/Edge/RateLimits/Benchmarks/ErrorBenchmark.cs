using Groundwork.Ports.Experiments;
using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Benchmarks;

/// <summary>
/// How often algorithms that count windows decide otherwise than an exact one, which remembers every take of the last period.
/// </summary>
/// <remarks>
/// Each has its own past, as it would have in a running program: who let one through too many has less for the next. So decisions can differ
/// without more or fewer being let through, and what was let through is shown beside.
/// </remarks>
/// <param name="name">Which trace it is.</param>
/// <param name="words">The same for people.</param>
/// <param name="arrivals">Makes the trace, of so many.</param>
internal sealed class ErrorBenchmark(string name, string words, Func<int, long[]> arrivals) : Benchmark
{
    private const int Permits = 100;
    private const int Arrivals = 1_000_000;
    private const int Seed = 1;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private static readonly double PerSecond = 1.2 * Permits / Period.TotalSeconds;

    // An origin as a wall clock has it, so that windows begin where they do there.
    private const long Origin = 1_780_000_000_000_000;

    private static readonly Limit[] Limits = [Limit.SlidingWindow(Permits, Period), Limit.FixedWindow(Permits, Period), Limit.SlidingLog(Permits, Period)];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        new ErrorBenchmark("poisson", "who know nothing of one another", count => ArrivalTrace.Poisson(count, PerSecond, new Random(Seed))),
        new ErrorBenchmark("bursts", "who come in bursts of ten times as many for a second", count => ArrivalTrace.Bursts(count, PerSecond, TimeSpan.FromSeconds(1), new Random(Seed))),
    ];

    /// <inheritdoc/>
    public override string Name => $"limits.error.{name}";

    /// <inheritdoc/>
    public override string Work =>
        $"A million callers of one key {words}, 1.2 times as many as the {Permits} that are let through in {Period.TotalSeconds:0} s; beside the rate, the share of decisions that an exact log would not have made.";

    /// <inheritdoc/>
    public override string Unit => "decisions";

    /// <inheritdoc/>
    public override Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var trace = arrivals(context.Smoke ? Arrivals / 100 : Arrivals);
        var exact = Exact(trace);
        return Task.FromResult<IReadOnlyList<Contender>>([.. Limits.Select(limit => Compared(limit, trace, exact))]);
    }

    private static Contender Compared(Limit limit, long[] trace, bool[] exact)
    {
        var decided = new bool[trace.Length];
        return new Contender(LimitAlgorithmNames.Of(limit.Algorithm), _ =>
        {
            var (state, length) = (new byte[LimitState.MaxLength(limit)], 0);
            for (var i = 0; i < trace.Length; i++)
                decided[i] = LimitState.Take(limit, state, ref length, Origin + trace[i], 1).IsAllowed;
            return Task.FromResult((long)trace.Length);
        })
        {
            FiguresAsync = _ => ValueTask.FromResult<IReadOnlyList<Figure>>(
            [
                new Figure("allowed where the log refuses", Share((mine, log) => mine && !log), FigureUnit.Share),
                new Figure("refused where the log allows", Share((mine, log) => !mine && log), FigureUnit.Share),
                new Figure("allowed ÷ the log's", decided.Count(d => d) / (double)exact.Count(e => e), FigureUnit.Count),
            ]),
        };

        double Share(Func<bool, bool, bool> isCounted) =>
            decided.Zip(exact).Count(d => isCounted(d.First, d.Second)) / (double)decided.Length;
    }

    // The plainest there is, and nothing of what is measured: the times of all that were let through in the last period.
    private static bool[] Exact(long[] trace)
    {
        var (admitted, decided) = (new Queue<long>(), new bool[trace.Length]);
        for (var i = 0; i < trace.Length; i++)
        {
            while (admitted.TryPeek(out var oldest) && oldest <= trace[i] - (long)Period.TotalMicroseconds)
                admitted.Dequeue();
            decided[i] = admitted.Count < Permits;
            if (decided[i])
                admitted.Enqueue(trace[i]);
        }

        return decided;
    }
}
