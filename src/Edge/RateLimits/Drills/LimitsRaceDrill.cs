using System.Globalization;
using Groundwork.Ports.Experiments;
using Groundwork.RateLimits.Drills.Callers;
using Groundwork.RateLimits.Drills.Stores;

namespace Groundwork.RateLimits.Drills;

/// <summary>
/// Lets callers in several processes take from one key at the same time, by turns on redis-server (by the script) and on this program's cache (by
/// its command), under one algorithm after the other. Each process has a clock that is wrong, and steps.
/// </summary>
/// <remarks>How a history is judged whose decisions nobody outside can time, <see cref="Admissions"/> says.</remarks>
internal sealed class LimitsRaceDrill : Drill
{
    private const int Processes = 4;
    private const int Callers = 16;

    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(1500);

    /// <inheritdoc/>
    public override string Name => "limits.race";

    /// <inheritdoc/>
    public override string Claim => string.Create(
        CultureInfo.InvariantCulture,
        $"However many callers take from one key at once, {Processes * Callers} in {Processes} processes here whose clocks are wrong by up to {SkewedTime.Offsets[^1].TotalMinutes:0} minutes and step, no interval Δ admits more than the limit promises: burst + rate·Δ of buckets, so many a window of the others, one at a time of queues. And nobody is refused before the burst is spent.");

    /// <inheritdoc/>
    public override string Sabotage => "The state is read, decided on by its caller, and written back.";

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
            var (store, limit) = (stores[rounds], LimitCases.Of(rounds));
            var seen = await RaceWorkers.RunAsync(context, Processes, store, rounds, cancellationToken);
            var what = $"{limit.Algorithm} on {store.Name}";
            Admissions.Check(seen.Admitted, limit, what, findings);
            findings.Require(
                seen.Admitted.Count >= Math.Min(limit.Burst, seen.Asked), "limits refused before their burst was spent",
                string.Create(CultureInfo.InvariantCulture, $"{what}: {seen.Admitted.Count:N0} of {seen.Asked:N0}"));
            (asked, admitted) = (asked + seen.Asked, admitted + seen.Admitted.Count);
            context.Progress(++rounds, context.Rounds, string.Create(
                CultureInfo.InvariantCulture, $"{what}: {seen.Admitted.Count:N0} of {seen.Asked:N0} takes admitted"));
        }

        return new DrillResult(
            findings.IsClean,
            string.Create(CultureInfo.InvariantCulture, $"Rounds: {rounds}, each with {Processes} processes of {Callers} callers on one key; {asked:N0} takes on {stores.Names}."),
            findings.IsClean
                ? string.Create(CultureInfo.InvariantCulture, $"{admitted:N0} were admitted, and in no interval more than the limit promises.")
                : findings.ToString());
    }

    /// <inheritdoc/>
    public override Task WorkAsync(IDrillContext context, TextWriter output, CancellationToken cancellationToken) =>
        RaceWorkers.WorkAsync(context, Callers, Duration, output, cancellationToken);
}
