using System.Globalization;
using Groundwork.Cache.Benchmarks;
using Groundwork.Cache.Benchmarks.Ratios;
using Groundwork.Ports.Experiments;

namespace Groundwork.Cache.Drills;

/// <summary>
/// Lets somebody walk through ten times what fits, each key once, beside the readers of a hot set, and compares what these find before
/// and after.
/// </summary>
/// <remarks>
/// The cache is a process of its own, emptied for each round; what its policy has learned stays, as it would. Only counts are judged:
/// which keys are asked for is the same however fast it goes.
/// </remarks>
internal sealed class ScanDrill : Drill
{
    private const long Bytes = 8 << 20;
    private const int ValueBytes = 512;
    private const int ScanTimes = 10;

    // For each read of the scan there are so many of the hot set.
    private const int HotReads = 2;
    private const double Kept = 0.95;

    /// <inheritdoc/>
    public override string Name => "cache.scan";

    /// <inheritdoc/>
    public override string Claim => string.Create(
        CultureInfo.InvariantCulture,
        $"A hot set of half of what fits is found at least {Kept:0.00} times as often while somebody else reads ten times what fits, each key once, at half the rate at which the hot set is read, and after it, under the default policy.");

    /// <inheritdoc/>
    public override string Sabotage => "Who was not used for longest leaves (allkeys-lru).";

    /// <inheritdoc/>
    public override int DefaultRounds => 5;

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        var (process, port) = await CacheWorker.StartAsync(context, cancellationToken);
        await using var worker = process;
        await using var client = new TraceClient(port, isRedis: false);
        await client.StartAsync(cancellationToken);
        await client.SetPolicyAsync(context.Sabotage ? "allkeys-lru" : CacheOptions.Policy.Default, cancellationToken);
        await client.SetMemoryAsync(Bytes, cancellationToken);
        var fit = await FitAsync(client, cancellationToken);
        var findings = new Findings();
        var (rounds, worst) = (0, 1.0);
        while (rounds < context.Rounds && findings.IsClean)
        {
            await client.StartAsync(cancellationToken);
            var seen = await RoundAsync(client, fit, context.Random, cancellationToken);
            rounds++;
            worst = Math.Min(worst, Math.Min(seen.During, seen.After) / seen.Before);
            findings.Require(seen.During >= Kept * seen.Before, "times the hot set was pushed out during the scan", seen.ToString());
            findings.Require(seen.After >= Kept * seen.Before, "times the hot set was gone after the scan", seen.ToString());
            context.Progress(rounds, context.Rounds, seen.ToString());
        }

        return new DrillResult(
            findings.IsClean,
            string.Create(CultureInfo.InvariantCulture, $"Scans: {rounds}, each of {ScanTimes * fit:N0} keys where {fit:N0} fit, beside twice as many reads of a hot set of {fit / 2:N0}."),
            findings.IsClean
                ? string.Create(CultureInfo.InvariantCulture, $"What was found of the hot set never fell below {worst:0.000} of what it was before.")
                : findings.ToString());
    }

    /// <inheritdoc/>
    public override Task WorkAsync(IDrillContext context, TextWriter output, CancellationToken cancellationToken) =>
        CacheWorker.RunAsync(context.Argument, output, cancellationToken);

    // More than could be held, each once: what stays is what fits.
    private static async Task<int> FitAsync(TraceClient client, CancellationToken cancellationToken)
    {
        await client.RunAsync(Enumerable.Range(0, (int)(2 * Bytes / ValueBytes)), static _ => ValueBytes, cancellationToken);
        return await client.CountAsync(cancellationToken);
    }

    private static async Task<Ratios> RoundAsync(TraceClient client, int fit, Random random, CancellationToken cancellationToken)
    {
        var hot = fit / 2;
        await client.RunAsync(Hot(4 * hot), static _ => ValueBytes, cancellationToken);
        var before = await client.RunAsync(Hot(4 * hot), static _ => ValueBytes, cancellationToken) / (4.0 * hot);

        var during = (Hits: 0L, Reads: 0L);
        var scanned = hot;
        while (scanned < hot + (ScanTimes * fit))
        {
            // Asked for apart, so that hits are those of the hot set: of the scan's keys none is there.
            var next = Math.Min(1_000, hot + (ScanTimes * fit) - scanned);
            await client.RunAsync(Enumerable.Range(scanned, next), static _ => ValueBytes, cancellationToken);
            during.Hits += await client.RunAsync(Hot(HotReads * next), static _ => ValueBytes, cancellationToken);
            during.Reads += HotReads * next;
            scanned += next;
        }

        var after = await client.RunAsync(Hot(hot), static _ => ValueBytes, cancellationToken) / (double)hot;
        return new Ratios(before, during.Hits / (double)during.Reads, after);

        IEnumerable<int> Hot(int count) => Enumerable.Range(0, count).Select(_ => random.Next(hot));
    }

    private sealed record Ratios(double Before, double During, double After)
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"found {Before:0.000} before, {During:0.000} during, {After:0.000} after");
    }
}
