using System.Globalization;
using System.Text;
using Groundwork.Ports.Experiments;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Drills.Callers;
using Groundwork.RateLimits.Drills.Stores;

namespace Groundwork.RateLimits.Drills;

/// <summary>
/// Lets one key be abused at full load while callers of other keys ask for less than they may; and, to have something to compare with, the same
/// load come from as many keys as callers.
/// </summary>
/// <remarks>
/// A store that is busy lets everybody wait. What is claimed is that one key does not cost others more than that, so it is the ratio of two
/// waits in the same run, interleaved, that is judged, and the median of several.
/// </remarks>
internal sealed class LimitsHotKeyDrill : Drill
{
    private const int Abusers = 48;
    private const int Others = 8;
    private const int Pairs = 3;
    private const double MostRatio = 3;

    private static readonly Limit Each = Limit.TokenBucket(400, TimeSpan.FromSeconds(1), burst: 60);
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public override string Name => "limits.hot-key";

    /// <inheritdoc/>
    public override string Claim => string.Create(
        CultureInfo.InvariantCulture,
        $"While {Abusers} callers abuse one key at full load, it is held to its limit, nobody who asks for less than his own is refused, and half of the others' takes wait no more than {MostRatio:0} times what they do where the same load comes from {Abusers} keys.");

    /// <inheritdoc/>
    public override string Sabotage => "All are counted under one key.";

    /// <inheritdoc/>
    public override int DefaultRounds => 4;

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        if (StoreSet.Missing(context) is { } missing)
            return DrillResult.NotHere(missing);

        await using var stores = await StoreSet.StartAsync(context, cancellationToken);
        var (findings, ratios) = (new Findings(), new List<double>());
        while (ratios.Count < context.Rounds && findings.IsClean)
        {
            var (store, round) = (stores[ratios.Count], ratios.Count);
            await using var abusers = new StoreClient(context.Services, store.Connection, TimeProvider.System);
            await using var others = new StoreClient(context.Services, store.Connection, TimeProvider.System);
            await abusers.ReadyAsync(cancellationToken);
            await others.ReadyAsync(cancellationToken);
            var ofRound = new List<double>();
            for (var pair = 0; pair < Pairs; pair++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"{round}-{pair}");
                var spread = await LoadAsync(context, store.Name, $"spread-{name}", isHot: false, abusers, others, findings, cancellationToken);
                var hot = await LoadAsync(context, store.Name, $"hot-{name}", isHot: true, abusers, others, findings, cancellationToken);
                ofRound.Add(hot / spread);
            }

            var ratio = ofRound.Order().ElementAt(Pairs / 2);
            findings.Require(ratio <= MostRatio, "hot keys kept others waiting", string.Create(CultureInfo.InvariantCulture, $"{store.Name}: {ratio:0.00} times as long"));
            ratios.Add(ratio);
            context.Progress(ratios.Count, context.Rounds, string.Create(CultureInfo.InvariantCulture, $"{store.Name}: others waited {ratio:0.00} times as long"));
        }

        return new DrillResult(
            findings.IsClean,
            string.Create(CultureInfo.InvariantCulture, $"Rounds: {ratios.Count}, each with {Abusers} callers at full load, {Pairs} times on a key each and on one key, beside {Others} others, on {stores.Names}."),
            findings.IsClean
                ? string.Create(CultureInfo.InvariantCulture, $"The others waited {ratios.Min():0.00} to {ratios.Max():0.00} times as long beside one key; none of them was refused, and the key was held to its limit.")
                : findings.ToString());
    }

    // What half of the others' takes took, in milliseconds.
    private static async Task<double> LoadAsync(
        IDrillContext context, string store, string name, bool isHot, StoreClient abusers, StoreClient others, Findings findings, CancellationToken cancellationToken)
    {
        var hotKey = Key(name, "all");
        var crowd = isHot
            ? Crowd.RunAsync(Abusers, new StoreTaker(abusers.Limits), hotKey, Each, Duration, cancellationToken)
            : SpreadAsync(name, abusers, cancellationToken);
        var keys = Enumerable.Range(0, Others).Select(i => context.Sabotage ? hotKey : Key(name, $"other-{i}")).ToList();
        var quiet = await QuietCallers.RunAsync(keys, new StoreTaker(others.Limits), Each, Duration, cancellationToken);
        var abused = await crowd;
        if (isHot)
        {
            Admissions.Check(abused.Admitted, Each, $"{name} on {store}", findings);
            findings.Require(quiet.Refused == 0, "others were refused for what one key did", string.Create(
                CultureInfo.InvariantCulture, $"{store}: {quiet.Refused:N0} of {quiet.Latency.Count:N0} takes"));
        }

        return quiet.Median.TotalMilliseconds;
    }

    private static async Task<CrowdSeen> SpreadAsync(string name, StoreClient abusers, CancellationToken cancellationToken)
    {
        var seen = await Task.WhenAll(Enumerable.Range(0, Abusers).Select(i =>
            Crowd.RunAsync(1, new StoreTaker(abusers.Limits), Key(name, $"abuser-{i}"), Each, Duration, cancellationToken)));
        return new CrowdSeen([.. seen.SelectMany(s => s.Admitted)], seen.Sum(s => s.Asked), seen.Max(s => s.LongestWait));
    }

    private static byte[] Key(string name, string who) => Encoding.ASCII.GetBytes($"{name}-{who}");
}
