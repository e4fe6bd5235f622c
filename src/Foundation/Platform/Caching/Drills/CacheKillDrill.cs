using System.Buffers;
using System.Globalization;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Experiments;

namespace Groundwork.Platform.Caching.Drills;

/// <summary>
/// Kills the shared cache under the readers and writers of two copies, and starts it again, empty.
/// </summary>
/// <remarks>
/// A key that nobody changes by any copy lies near in each before the kill. That the shared cache has lost it is what nobody can tell
/// them; so it stands for whatever was changed while nothing could be heard.
/// </remarks>
internal sealed class CacheKillDrill : Drill
{
    private const int Copies = 2;
    private const int Rows = 200;
    private const int Readers = 24;

    private static readonly byte[] Kept = "kept"u8.ToArray();

    private static readonly TrafficMix Mix = new(Readers, TimeSpan.FromMilliseconds(4), 1, TimeSpan.FromMilliseconds(10));
    private static readonly TimeSpan LoadTakes = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Dead = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public override string Name => "cache.kill";

    /// <inheritdoc/>
    public override string Claim =>
        "Killed (SIGKILL) under readers and writers and started again, the shared cache is missed by nobody: reads go on through the store, none is older than a change that its copy has made or heard of, and what was near before is not served once the cache is heard again.";

    /// <inheritdoc/>
    public override string Sabotage => "Copies take no notice of having heard nothing: what is near stays.";

    /// <inheritdoc/>
    public override int DefaultRounds => 10;

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        if (DrillSpaces.Missing(context) is { } missing)
            return DrillResult.NotHere(missing);

        await using var program = await SharedProgram.StartAsync(context, cancellationToken);
        var (findings, store) = (new Findings(), new CountedStore(Rows, LoadTakes));
        await using var copies = new CopySet(Copies, () => new StoreCopy(
            new DrillSpaces(context, program.Connection, CacheSettings.Timeout.Default, isDeaf: context.Sabotage),
            store, new LoadingOptions(), context.Random.Next(), findings));
        await copies.ReadyAsync(cancellationToken);
        var near = copies.All.Select(c => new NearSpace(c.Spaces, "drill-kept")).ToList();
        var (rounds, through) = (0, 0L);
        await using (new Traffic(copies.All, Rows, Mix, context.Random))
        {
            while (rounds < context.Rounds && findings.IsClean)
            {
                foreach (var space in near)
                    await space.KeepAsync(Kept, cancellationToken);
                var answered = await KillAsync(program, copies.All, near, cancellationToken);
                rounds++;
                through += answered;
                var seen = string.Create(CultureInfo.InvariantCulture, $"{answered:N0} reads were answered meanwhile");
                findings.Require(answered > 0, "kills stopped all reads", seen);
                foreach (var space in near)
                    findings.Require(!space.Has(Kept), "copies served what was near before the cache was killed", $"kill {rounds}");
                context.Progress(rounds, context.Rounds, seen);
            }
        }

        return new DrillResult(
            findings.IsClean,
            string.Create(CultureInfo.InvariantCulture, $"Kills: {rounds}, under {Copies * Readers} readers and {Copies} writers in {Copies} copies; {copies.All.Sum(c => c.Answered):N0} reads were answered and {copies.All.Sum(c => c.Written):N0} writes acknowledged in all."),
            findings.IsClean
                ? string.Create(CultureInfo.InvariantCulture, $"{through:N0} reads were answered while there was no cache; none of all was older than what its copy knew of, and nothing near outlived its cache.")
                : findings.ToString());
    }

    // Until each copy is told of changes again, and calls the cache for its rows.
    private static async Task<long> KillAsync(
        SharedProgram program, IReadOnlyList<StoreCopy> copies, IReadOnlyList<NearSpace> near, CancellationToken cancellationToken)
    {
        await program.KillAsync();
        var before = copies.Sum(c => c.Answered);
        await Task.Delay(Dead, cancellationToken);
        var answered = copies.Sum(c => c.Answered) - before;
        await Waits.UntilAsync(() => near.All(n => !n.IsHeard), "The copies notice that nothing is heard.", cancellationToken);

        await program.StartAgainAsync(cancellationToken);
        var calls = copies.Select(c => c.Spaces.Shared.Calls.Counts.Answered).ToList();
        await Waits.UntilAsync(
            () => near.All(n => n.IsHeard) && copies.Select((c, i) => c.Spaces.Shared.Calls.Counts.Answered - calls[i]).All(count => count > 100),
            "The copies use the cache that is back.", cancellationToken);
        return answered;
    }

    /// <summary>A copy's space with one key of its own.</summary>
    private sealed class NearSpace(DrillSpaces spaces, string name)
    {
        private readonly ICache _cache = spaces.Open(name);

        public bool IsHeard => spaces.IsHeard(name);

        // There, and near.
        public Task KeepAsync(byte[] key, CancellationToken cancellationToken) => Waits.UntilAsync(
            async () =>
            {
                try
                {
                    return Has(key)
                        || ((await _cache.GetAsync(key, new ArrayBufferWriter<byte>(), cancellationToken)).IsFound && Has(key))
                        || (!await _cache.SetAsync(key, key, Timeout.InfiniteTimeSpan, cancellationToken) && Has(key));
                }
                catch (CacheException)
                {
                    return false;
                }
            },
            "The copy keeps a value near.", cancellationToken);

        public bool Has(byte[] key) => _cache.TryGet(key, new byte[key.Length], out _) == CacheLookup.Found;
    }
}
