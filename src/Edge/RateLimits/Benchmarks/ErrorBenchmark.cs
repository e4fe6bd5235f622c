using System.Globalization;
using Groundwork.Ports.Experiments;
using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Benchmarks;

/// <summary>
/// How often algorithms that count windows decide otherwise than an exact one, which remembers every take of the last period.
/// </summary>
/// <remarks>
/// Wrong is a decision by what the algorithm itself let through before: it allowed one more than the permits of a period, or refused one of
/// them. A log that runs beside it has another past, as soon as one was decided otherwise; how often the two differ says less, as a caller who
/// comes a moment later makes up for one who was refused. Both are shown, what was let through in all, and in the worst period.
/// </remarks>
/// <param name="name">Which trace it is.</param>
/// <param name="words">The same for people.</param>
/// <param name="load">How many come, where what is let through is 1.</param>
/// <param name="arrivals">Makes the trace, of so many and so many a second.</param>
internal sealed class ErrorBenchmark(string name, string words, double load, Func<int, double, long[]> arrivals) : Benchmark
{
    private const int Permits = 100;
    private const int Arrivals = 1_000_000;
    private const int Seed = 1;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    // An origin as a wall clock has it, so that windows begin where they do there.
    private const long Origin = 1_780_000_000_000_000;

    private static readonly Limit[] Limits = [Limit.SlidingWindow(Permits, Period), Limit.FixedWindow(Permits, Period), Limit.SlidingLog(Permits, Period)];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        new ErrorBenchmark("below", "who know nothing of one another", 0.8, Poisson),
        new ErrorBenchmark("poisson", "who know nothing of one another", 1.2, Poisson),
        new ErrorBenchmark("bursts", "who come in bursts of ten times as many for a second", 1.2, Bursts),
    ];

    /// <inheritdoc/>
    public override string Name => $"limits.error.{name}";

    /// <inheritdoc/>
    public override string Work =>
        string.Create(
        CultureInfo.InvariantCulture,
        $"A million callers of one key {words}, {load:0.0} times as many as the {Permits} that are let through in {Period.TotalSeconds:0} s; beside the rate, how often an exact log would have decided otherwise.");

    /// <inheritdoc/>
    public override string Unit => "decisions";

    /// <inheritdoc/>
    public override Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var trace = arrivals(context.Smoke ? Arrivals / 100 : Arrivals, load * Permits / Period.TotalSeconds);
        var exact = Exact(trace);
        return Task.FromResult<IReadOnlyList<Contender>>([.. Limits.Select(limit => Compared(limit, trace, exact))]);
    }

    private static long[] Poisson(int count, double perSecond) => ArrivalTrace.Poisson(count, perSecond, new Random(Seed));

    private static long[] Bursts(int count, double perSecond) => ArrivalTrace.Bursts(count, perSecond, TimeSpan.FromSeconds(1), new Random(Seed));

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
            FiguresAsync = _ => ValueTask.FromResult(Figures(trace, decided, exact)),
        };
    }

    private static IReadOnlyList<Figure> Figures(long[] trace, bool[] decided, bool[] exact)
    {
        var (log, wrongAllowed, wrongRefused, most) = (new ExactLog(), 0, 0, 0);
        for (var i = 0; i < trace.Length; i++)
        {
            var isRight = log.Allows(trace[i]) == decided[i];
            wrongAllowed += !isRight && decided[i] ? 1 : 0;
            wrongRefused += !isRight && !decided[i] ? 1 : 0;
            if (decided[i])
                log.Add(trace[i]);
            most = Math.Max(most, log.Count);
        }

        return
        [
            new Figure("wrongly allowed", wrongAllowed / (double)trace.Length, FigureUnit.Share),
            new Figure("wrongly refused", wrongRefused / (double)trace.Length, FigureUnit.Share),
            new Figure("most in a period ÷ permits", most / (double)Permits, FigureUnit.Count),
            new Figure("other than a log beside it", decided.Zip(exact).Count(d => d.First != d.Second) / (double)trace.Length, FigureUnit.Share),
            new Figure("allowed ÷ the log's", decided.Count(d => d) / (double)exact.Count(e => e), FigureUnit.Count),
        ];
    }

    private static bool[] Exact(long[] trace)
    {
        var (log, decided) = (new ExactLog(), new bool[trace.Length]);
        for (var i = 0; i < trace.Length; i++)
        {
            decided[i] = log.Allows(trace[i]);
            if (decided[i])
                log.Add(trace[i]);
        }

        return decided;
    }

    // The plainest there is, and nothing of what is measured: the times of all that were let through in the last period.
    private sealed class ExactLog
    {
        private readonly Queue<long> _admitted = new();

        public int Count => _admitted.Count;

        public bool Allows(long now)
        {
            while (_admitted.TryPeek(out var oldest) && oldest <= now - (long)Period.TotalMicroseconds)
                _admitted.Dequeue();
            return _admitted.Count < Permits;
        }

        public void Add(long now) => _admitted.Enqueue(now);
    }
}
