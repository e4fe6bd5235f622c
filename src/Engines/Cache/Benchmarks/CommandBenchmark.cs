using System.Globalization;
using Groundwork.Ports.Experiments;

namespace Groundwork.Cache.Benchmarks;

/// <summary>
/// One command under redis-benchmark's load, beside redis-server: each server in a process of its own, whose processor time
/// counts; the load has the rest of the machine.
/// </summary>
/// <param name="command">As redis-benchmark names it: <c>get</c>.</param>
/// <param name="clients">How many connections.</param>
/// <param name="pipeline">How many commands each sends before it reads answers.</param>
/// <param name="operations">How many commands a round.</param>
internal sealed class CommandBenchmark(string command, int clients, int pipeline, int operations) : Benchmark
{
    private const int Keys = 100_000;
    private const int ValueBytes = 16;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        .. ((string[])["get", "set", "incr"]).Select(command => new CommandBenchmark(command, 50, 1, 400_000)),
        .. ((string[])["get", "set", "incr"]).Select(command => new CommandBenchmark(command, 50, 32, 2_000_000)),
        new CommandBenchmark("get", 1, 1, 60_000),
    ];

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"cache.{command}.c{clients}.p{pipeline}");

    /// <inheritdoc/>
    public override string Work => string.Create(
        CultureInfo.InvariantCulture,
        $"{command.ToUpperInvariant()} of {Keys:N0} keys at random with values of {ValueBytes} bytes over {clients} connection(s), {pipeline} command(s) at a time, by redis-benchmark.");

    /// <inheritdoc/>
    public override string Unit => "commands";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        const string Ours = "Groundwork";
        const string Rival = "redis-server";
        if (RedisPrograms.Missing is { } missing)
            return [Contender.Absent(Ours, missing), Contender.Absent(Rival, missing)];

        var worker = context.StartWorker("");
        var port = 0;
        await foreach (var line in worker.ReadLinesAsync(cancellationToken))
        {
            port = int.Parse(line, CultureInfo.InvariantCulture);
            break;
        }

        var (redis, redisPort) = await RedisPrograms.StartServerAsync(cancellationToken);
        foreach (var target in (int[])[port, redisPort])
            await RedisPrograms.LoadAsync(target, Arguments("set", 2 * Keys), cancellationToken);
        return
        [
            new Contender(Ours, token => RoundAsync(port, context.Smoke, token), worker.DisposeAsync, worker.ProcessId) { OnlyServerCounts = true },
            new Contender(Rival, token => RoundAsync(redisPort, context.Smoke, token), () => EndAsync(redis), redis.Id) { OnlyServerCounts = true },
        ];
    }

    /// <inheritdoc/>
    public override Task WorkAsync(string argument, TextWriter output, CancellationToken cancellationToken) =>
        CacheWorker.RunAsync(output, cancellationToken);

    private static ValueTask EndAsync(System.Diagnostics.Process process)
    {
        process.Kill();
        process.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<long> RoundAsync(int port, bool smoke, CancellationToken cancellationToken)
    {
        var count = smoke ? operations / 100 : operations;
        await RedisPrograms.LoadAsync(port, Arguments(command, count), cancellationToken);
        return count;
    }

    private string[] Arguments(string test, int count) =>
    [
        "-t", test, "-n", Text(count), "-c", Text(clients), "-P", Text(pipeline), "-r", Text(Keys), "-d", Text(ValueBytes),
    ];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
