using System.Diagnostics;
using System.Globalization;
using Groundwork.Ports.Experiments;

namespace Groundwork.Platform.Caching.Drills;

/// <summary>
/// Takes the shared cache away from under two copies of the program, by turns by killing it (rounds 1, 3, …), so that it refuses, and by
/// hanging it (2, 4, …), so that it says nothing, and gives it back.
/// </summary>
/// <remarks>
/// What a cache that is down costs is judged by how many calls reach it, since how long each takes is the machine's affair; of those that
/// do, most must fail within ten times <c>Cache:Timeout</c>.
/// </remarks>
internal sealed class CacheDownDrill : Drill
{
    private const int Copies = 2;
    private const int Rows = 200;
    private const int Loads = 8;
    private const int Waiting = 8;
    private const int TriesASecond = 2;

    // Those of a copy that may have a call under way when its breaker opens: each reader a load and a look for something stale; the
    // writer, the signals, the removals that are tried again; and what opens it.
    private const int CallsToOpen = (2 * Readers) + 3 + 10;
    private const int Readers = 24;

    private static readonly TrafficMix Mix = new(Readers, TimeSpan.FromMilliseconds(4), 1, TimeSpan.FromMilliseconds(20));
    private static readonly TimeSpan LoadTakes = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Up = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Down = TimeSpan.FromMilliseconds(1200);

    /// <inheritdoc/>
    public override string Name => "cache.down";

    /// <inheritdoc/>
    public override string Claim => string.Create(
        CultureInfo.InvariantCulture,
        $"While the shared cache refuses or hangs, a copy calls it in vain no more than {CallsToOpen} times and then {TriesASecond} times a second; reads are answered by the store, no more than its {Loads} loads at once, or refused. Once it is back it is used again, and nobody ever reads what is older than a change that the copy has made or heard of.");

    /// <inheritdoc/>
    public override string Sabotage => "There is no breaker: everybody calls the cache each time.";

    /// <inheritdoc/>
    public override int DefaultRounds => 10;

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        if (DrillSpaces.Missing(context) is { } missing)
            return DrillResult.NotHere(missing);
        if (!HungProcess.IsPossible)
            return DrillResult.NotHere("Processes cannot be hung on this system.");

        await using var program = await SharedProgram.StartAsync(context, cancellationToken);
        var (findings, store, total) = (new Findings(), new CountedStore(Rows, LoadTakes), new Outages());
        await using var copies = new CopySet(Copies, () => new StoreCopy(
            new DrillSpaces(context, program.Connection, Ports.Caching.CacheSettings.Timeout.Default, hasBreaker: !context.Sabotage),
            store, new LoadingOptions { Loads = Loads, Waiting = Waiting }, context.Random.Next(), findings));
        await copies.ReadyAsync(cancellationToken);
        await using (new Traffic(copies.All, Rows, Mix, context.Random))
        {
            while (total.Count < context.Rounds && findings.IsClean)
            {
                await Task.Delay(Up, cancellationToken);
                var outage = await OutageAsync(program, copies.All, store, isKilled: total.Count % 2 == 0, cancellationToken);
                total.Add(outage);
                Judge(outage, findings);
                context.Progress(total.Count, context.Rounds, outage.ToString());
            }
        }

        return new DrillResult(
            findings.IsClean,
            string.Create(CultureInfo.InvariantCulture, $"Outages: {total.Count}, by turns killed and hung, under {Copies * Readers} readers and {Copies} writers in {Copies} copies; {copies.All.Sum(c => c.Written):N0} writes were acknowledged in all."),
            findings.IsClean
                ? string.Create(CultureInfo.InvariantCulture, $"{total}; the cache was used again after each. No read was older than what its copy knew of.")
                : findings.ToString());
    }

    private static async Task<Outage> OutageAsync(
        SharedProgram program, IReadOnlyList<StoreCopy> copies, CountedStore store, bool isKilled, CancellationToken cancellationToken)
    {
        if (isKilled)
            await program.KillAsync();
        else
            program.Hang();

        Outage outage;
        try
        {
            var (began, before) = (Stopwatch.GetTimestamp(), copies.Select(c => (c.Spaces.Shared.Calls.Counts, c.Answered, c.Refused)).ToList());
            _ = store.Take();
            await Task.Delay(Down, cancellationToken);
            var calls = copies.Select((c, i) => c.Spaces.Shared.Calls.Counts - before[i].Counts).ToList();
            var took = Stopwatch.GetElapsedTime(began);
            outage = new Outage(
                isKilled ? "killed" : "hung", took, calls, copies.Select((c, i) => c.Answered - before[i].Answered).Sum(),
                copies.Select((c, i) => c.Refused - before[i].Refused).Sum(), store.Take().MostAtOnce);
        }
        finally
        {
            if (!isKilled)
                program.GoOn();
        }

        if (isKilled)
            await program.StartAgainAsync(cancellationToken);
        var back = copies.Select(c => c.Spaces.Shared.Calls.Counts.Answered).ToList();
        await Waits.UntilAsync(
            () => copies.Select((c, i) => c.Spaces.Shared.Calls.Counts.Answered - back[i]).All(calls => calls > CallsToOpen),
            "Every copy uses the cache that is back.", cancellationToken);
        return outage;
    }

    private static void Judge(Outage outage, Findings findings)
    {
        var most = CallsToOpen + (TriesASecond * (outage.Took.TotalSeconds + 1));
        findings.Require(outage.Calls.All(c => c.InVain <= most), "outages were called into by everybody", outage.ToString());
        findings.Require(outage.Calls.Sum(c => 2 * c.FailedSoon) >= outage.Calls.Sum(c => c.Failed), "outages held their callers up", outage.ToString());
        findings.Require(outage.MostAtOnce <= Copies * Loads, "outages went past the gate", outage.ToString());
        findings.Require(outage.Answered > 0, "outages stopped all reads", outage.ToString());
    }
}
