using System.ComponentModel;
using System.Globalization;
using Groundwork.Platform.Experiments.Programs;
using Groundwork.Ports.Modules;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Experiments.Runs;

/// <summary>
/// Drills and benchmarks started from the running instance: each in a process of its own, as <c>groundwork drill</c> and
/// <c>groundwork bench</c> would, one at a time, since two would measure one another.
/// </summary>
/// <remarks>
/// <para>They touch nothing of this instance: every experiment has a folder of its own, and what <c>Database:Connection</c> names is
/// kept from those that are started here, so that a click never breaks a database in use. They do share its processor.</para>
/// <para>Bounds: one run under way; the last <see cref="Remembered"/> are remembered, with <see cref="RunUnderWay.MaxLines"/> lines each.
/// What runs ends with the instance, even where that is killed. Safe for concurrent use.</para>
/// </remarks>
public sealed class ExperimentRuns : IAsyncDisposable
{
    /// <summary>How many runs are remembered.</summary>
    public const int Remembered = 20;

    /// <summary>The option that lets a run end with the process that started it.</summary>
    public const string WithParentOption = "--with-parent";

    /// <summary>How many rounds a benchmark has where nobody says.</summary>
    public const int BenchmarkRounds = 5;

    // It has folders to remove and processes to end; while the instance stops there is little time for it.
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopPatience = TimeSpan.FromMilliseconds(700);

    private const int MaxBenchmarkRounds = 1000;
    private const int MaxDrillRounds = 100_000;

    private readonly Lock _gate = new();
    private readonly LinkedList<RunUnderWay> _runs = new();
    private readonly IProgramLauncher _launcher;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _lastId;
    private bool _stopping;

    internal ExperimentRuns(IReadOnlyList<Module> modules, IProgramLauncher launcher, TimeProvider time, ILogger<ExperimentRuns> logger)
    {
        (_launcher, _time, _logger) = (launcher, time, logger);
        Available =
        [
            .. modules.SelectMany(m => m.Drills.Select(d => new RunnableExperiment(ExperimentKind.Drill, d.Name, d.Claim, m.Name, d.DefaultRounds))),
            .. modules.SelectMany(m => m.Benchmarks.Select(b => new RunnableExperiment(ExperimentKind.Benchmark, b.Name, b.Work, m.Name, BenchmarkRounds))),
        ];
    }

    /// <summary>What can be run: drills, then benchmarks, in the order of the modules.</summary>
    public IReadOnlyList<RunnableExperiment> Available { get; }

    /// <summary>Those that are remembered, the newest first.</summary>
    public IReadOnlyList<ExperimentRun> List()
    {
        lock (_gate)
            return [.. _runs.Select(r => r.Run)];
    }

    /// <summary>A run; null where it is not remembered.</summary>
    public ExperimentRun? Find(long id) => UnderWay(id)?.Run;

    /// <summary>Starts a run, unless there is a reason not to.</summary>
    /// <param name="order">What.</param>
    /// <param name="by">Who asks: a principal's name.</param>
    public RunStart Start(RunOrder order, string by)
    {
        if (Wrong(order) is { } wrong)
            return new(null, wrong);
        lock (_gate)
        {
            if (_stopping)
                return new(null, "This instance is stopping.");
            if (_runs.First?.Value.Run is { State: RunState.Running } other)
                return new(null, $"{other.Order.Name} is still running, and two would disturb one another. Wait for its end, or cancel it.");

            var words = Words(order);
            var run = new ExperimentRun(
                ++_lastId, order, by, $"groundwork {string.Join(' ', words)}", RunState.Running, _time.GetUtcNow(), null, null, 0);
            try
            {
                _runs.AddFirst(RunUnderWay.Start(_launcher.Describe([.. words, WithParentOption]), run, _time));
            }
            catch (Win32Exception e)
            {
                return new(null, $"The program could not be started: {e.Message}.");
            }

            if (_runs.Count > Remembered)
                _runs.RemoveLast();
            RunLog.Started(_logger, order.Name, by);
            return new(run, "");
        }
    }

    /// <summary>Ends a run, and waits for its end.</summary>
    /// <returns>False where there is none of that id under way.</returns>
    public async Task<bool> CancelAsync(long id)
    {
        if (UnderWay(id) is not { Run.State: RunState.Running } underWay)
            return false;
        await underWay.CancelAsync(CancelPatience);
        return true;
    }

    /// <summary>A run's output: the lines after a number, then those to come, until it has ended. Empty where it is not remembered.</summary>
    /// <param name="id">Which run.</param>
    /// <param name="after">The number of the last line that is known; 0 for all that are kept.</param>
    /// <param name="cancellationToken">Ends the following, not the run.</param>
    public IAsyncEnumerable<RunLine> FollowAsync(long id, long after, CancellationToken cancellationToken) =>
        UnderWay(id)?.FollowAsync(after, cancellationToken) ?? AsyncEnumerable.Empty<RunLine>();

    /// <summary>Ends what runs.</summary>
    public async ValueTask DisposeAsync()
    {
        RunUnderWay? last;
        lock (_gate)
        {
            _stopping = true;
            last = _runs.First?.Value;
        }

        if (last is not null)
            await last.CancelAsync(StopPatience);
    }

    private RunUnderWay? UnderWay(long id)
    {
        lock (_gate)
            return _runs.FirstOrDefault(r => r.Run.Id == id);
    }

    private string? Wrong(RunOrder order)
    {
        if (!Available.Any(a => a.Kind == order.Kind && a.Name == order.Name))
            return $"There is no {order.Kind.ToString().ToLowerInvariant()} '{order.Name}'.";
        var most = order.Kind == ExperimentKind.Drill ? MaxDrillRounds : MaxBenchmarkRounds;
        if (order.Rounds is { } rounds && (rounds < 1 || rounds > most))
            return $"Rounds is a whole number from 1 to {most}.";
        return order.Seed is not null && order.Kind != ExperimentKind.Drill ? "A benchmark has no seed." : null;
    }

    private static List<string> Words(RunOrder order)
    {
        List<string> words = [order.Kind == ExperimentKind.Drill ? "drill" : "bench", order.Name];
        if (order.Smoke)
            words.Add("--smoke");
        if (order.Rounds is { } rounds)
            words.Add(string.Create(CultureInfo.InvariantCulture, $"--rounds={rounds}"));
        if (order.Seed is { } seed)
            words.Add(string.Create(CultureInfo.InvariantCulture, $"--seed={seed}"));
        return words;
    }
}

internal static partial class RunLog
{
    [LoggerMessage(1, LogLevel.Information, "{Experiment} was started by {Principal}.")]
    public static partial void Started(ILogger logger, string experiment, string principal);
}
