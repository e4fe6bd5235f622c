using System.Globalization;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Experiments;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Cache.Drills;

/// <summary>
/// Lets loads of a row end after the changes that they have not seen, in every order that chance finds, and looks for what was put back.
/// </summary>
internal sealed class StaleFillDrill : Drill
{
    private const int SchedulesARound = 10_000;

    /// <inheritdoc/>
    public override string Name => "cache.stale-fill";

    /// <inheritdoc/>
    public override string Claim =>
        "However the steps of readers that fill a key and of writers that remove it fall, nobody who asks after a removal has ended reads what was there before it.";

    /// <inheritdoc/>
    public override string Sabotage => "What was loaded is put into the cache by SET, not under the key's lease.";

    /// <inheritdoc/>
    public override int DefaultRounds => 100;

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        var cache = context.Services.GetRequiredService<ICacheServer>().Open(new CacheSpace("stale-fill", CacheLimits.MinSpaceBytes));
        var findings = new Findings();
        var schedules = new FillSchedules(cache, context.Random, context.Sabotage, findings);
        var rounds = 0;
        while (rounds < context.Rounds && findings.IsClean)
        {
            for (var i = 0; i < SchedulesARound; i++)
                await schedules.RunAsync(cancellationToken);
            context.Progress(++rounds, context.Rounds, string.Create(CultureInfo.InvariantCulture, $"{schedules.Refused:N0} fills refused"));
        }

        // What is shown is shown of schedules in which it mattered.
        if (!context.Sabotage)
            findings.Require(schedules.Refused > 0 && schedules.Hits > 0, "runs had no race in them", $"{schedules.Refused} refused, {schedules.Hits} read");
        return new DrillResult(
            findings.IsClean,
            string.Create(CultureInfo.InvariantCulture, $"{rounds * SchedulesARound:N0} schedules of {FillSchedules.Readers} readers and {FillSchedules.Writers} writers, {FillSchedules.Steps} steps each."),
            findings.IsClean
                ? string.Create(CultureInfo.InvariantCulture, $"{schedules.Hits:N0} values were read, none older than a removal that had ended; {schedules.Filled:N0} fills were taken, {schedules.Refused:N0} refused.")
                : findings.ToString());
    }
}
