using System.Globalization;
using Groundwork.Cache.Benchmarks.Rivals;
using Groundwork.Ports.Experiments;

namespace Groundwork.Cache.Benchmarks;

/// <summary>
/// Commands under redis-benchmark's load, beside redis-server: each server in a process of its own, whose processor time
/// counts; the load has the rest of the machine.
/// </summary>
/// <param name="work">What is asked for.</param>
/// <param name="clients">How many connections.</param>
/// <param name="pipeline">How many commands each sends before it reads answers.</param>
/// <param name="operations">How many commands a round, of each kind.</param>
internal sealed class CommandBenchmark(CommandWork work, int clients, int pipeline, int operations) : ServedBenchmark
{
    /// <summary>All of them: of each round some three seconds, so that what is compiled in the first one, which does not count, is compiled by then; three rounds of all take a quarter of an hour.</summary>
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        .. CommandWork.All.Select(work => new CommandBenchmark(work, 50, 1, 300_000)),
        .. CommandWork.All.Select(work => new CommandBenchmark(work, 50, 32, 4_000_000)),
        .. CommandWork.All.Select(work => new CommandBenchmark(work, 1, 1, 60_000)),
        .. CommandWork.All.Select(work => new CommandBenchmark(work, 1, 32, 1_500_000)),
    ];

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"cache.commands.{work.Name}.c{clients}.p{pipeline}");

    /// <inheritdoc/>
    public override string Work => string.Create(
        CultureInfo.InvariantCulture, $"{work.Words}, over {clients} connection(s), {pipeline} command(s) at a time, by redis-benchmark.");

    /// <inheritdoc/>
    public override string Unit => "commands";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        const string Ours = "Groundwork";
        const string Rival = "redis-server";
        if (RedisPrograms.Missing is { } missing)
            return [Contender.Absent(Ours, missing), Contender.Absent(Rival, missing)];

        var ours = await CacheWorker.StartOrServeAsync(context, CacheWorker.DefaultMebibytes, cancellationToken);
        var redis = await RedisPrograms.StartServerAsync(cancellationToken);
        foreach (var target in (int[])[ours.Port, redis.Port])
        {
            if (work.Fill is { } fill)
                await RedisPrograms.LoadAsync(target, Arguments(fill, 50, 32, context.Smoke ? 1000 : CommandWork.Fills), cancellationToken);
        }

        return
        [
            Served(Ours, ours.Port, ours.ProcessId, context.Smoke, ours.EndAsync),
            Served(Rival, redis.Port, redis.ProcessId, context.Smoke, redis.DisposeAsync),
        ];
    }

    private Contender Served(string name, int port, int process, bool smoke, Func<ValueTask> dispose)
    {
        IReadOnlyList<Figure> last = [];
        return new Contender(
            name,
            async token =>
            {
                var count = smoke ? operations / 100 : operations;
                foreach (var command in work.Commands)
                    last = await RedisPrograms.LoadAsync(port, Arguments(command, clients, pipeline, count), token);
                return (long)count * work.Commands.Count;
            },
            dispose, process)
        {
            OnlyServerCounts = true,
            FiguresAsync = _ => ValueTask.FromResult(last),
        };
    }

    private IEnumerable<string> Arguments(string command, int connections, int together, int count) =>
        ["-n", Text(count), "-c", Text(connections), "-P", Text(together), "-r", Text(work.Range), .. command.Split(' ')];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
