using System.Globalization;
using System.Text;
using Groundwork.Ports.Experiments;
using Groundwork.RateLimits.Drills.Callers;
using Groundwork.RateLimits.Drills.Stores;

namespace Groundwork.RateLimits.Drills;

/// <summary>
/// Lets copies whose clocks are minutes apart, and step to the other side again and again, take from one key of a shared store.
/// </summary>
/// <remarks>
/// The copies are in one process, each with a connection and a clock of its own; in <see cref="LimitsRaceDrill"/> each is a process.
/// </remarks>
internal sealed class LimitsSkewDrill : Drill
{
    private const int Callers = 8;

    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(1500);

    /// <inheritdoc/>
    public override string Name => "limits.skew";

    /// <inheritdoc/>
    public override string Claim => string.Create(
        CultureInfo.InvariantCulture,
        $"Copies whose clocks are wrong by up to {SkewedTime.Offsets[^1].TotalMinutes:0} minutes either way, and step, are held to one limit as if they were right: no interval admits more than it promises, each copy gets permits, and nobody is told to wait longer than the limit ever asks.");

    /// <inheritdoc/>
    public override string Sabotage => "The store takes the time of whoever asks.";

    /// <inheritdoc/>
    public override int DefaultRounds => 12;

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        if (StoreSet.Missing(context) is { } missing)
            return DrillResult.NotHere(missing);

        await using var stores = await StoreSet.StartAsync(context, cancellationToken);
        var findings = new Findings();
        var (rounds, asked, admitted) = (0, 0L, 0L);
        while (rounds < context.Rounds && findings.IsClean)
        {
            var seen = await RoundAsync(context, stores[rounds], rounds, findings, cancellationToken);
            var took = seen.Sum(s => s.Admitted.Count);
            (asked, admitted) = (asked + seen.Sum(s => s.Asked), admitted + took);
            context.Progress(++rounds, context.Rounds, string.Create(
                CultureInfo.InvariantCulture, $"{took:N0} of {seen.Sum(s => s.Asked):N0} takes admitted, {string.Join(", ", seen.Select(s => s.Admitted.Count))} of each copy"));
        }

        return new DrillResult(
            findings.IsClean,
            string.Create(CultureInfo.InvariantCulture, $"Rounds: {rounds}, each with {SkewedTime.Offsets.Length} copies of {Callers} callers on one key, whose clocks were wrong by {string.Join(", ", SkewedTime.Offsets.Select(o => $"{o.TotalSeconds:+0;-0}"))} s and stepped every {SkewedTime.Step.TotalMilliseconds:0} ms; {asked:N0} takes on {stores.Names}."),
            findings.IsClean
                ? string.Create(CultureInfo.InvariantCulture, $"{admitted:N0} were admitted, and in no interval more than the limit promises; no copy went without.")
                : findings.ToString());
    }

    private static async Task<CrowdSeen[]> RoundAsync(
        IDrillContext context, StoreProgram store, int round, Findings findings, CancellationToken cancellationToken)
    {
        var (limit, key) = (LimitCases.Of(round), Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"skew-{round}")));
        var (clients, takers, shared) = (new List<StoreClient>(), new List<ITaker>(), new CallerTimeTaker.State());
        try
        {
            foreach (var offset in SkewedTime.Offsets)
            {
                var time = new SkewedTime(offset, SkewedTime.Step);
                var client = new StoreClient(context.Services, store.Connection, time);
                clients.Add(client);
                await client.ReadyAsync(cancellationToken);
                takers.Add(context.Sabotage ? new CallerTimeTaker(shared, time) : new StoreTaker(client.Limits));
            }

            var seen = await Task.WhenAll(takers.Select(taker => Crowd.RunAsync(Callers, taker, key, limit, Duration, cancellationToken)));
            var what = $"{limit.Algorithm} {(context.Sabotage ? "by its callers' clocks" : $"on {store.Name}")}";
            Admissions.Check([.. seen.SelectMany(s => s.Admitted)], limit, what, findings);
            findings.Require(
                seen.Max(s => s.LongestWait) <= LimitCases.LongestWait(limit), "takes were told to wait by a wrong clock",
                string.Create(CultureInfo.InvariantCulture, $"{what}: {TimeSpan.FromMicroseconds(seen.Max(s => s.LongestWait)).TotalSeconds:N1} s"));
            findings.Require(seen.All(s => s.Admitted.Count > 0), "copies went without", what);
            return seen;
        }
        finally
        {
            foreach (var client in clients)
                await client.DisposeAsync();
        }
    }
}
