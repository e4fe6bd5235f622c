using System.Globalization;
using Groundwork.Ports.Experiments;

namespace Groundwork.Platform.Caching.Drills;

/// <summary>
/// Empties the shared cache while crowds in two copies read from it, and counts what the store is asked for until all is back.
/// </summary>
internal sealed class CacheColdDrill : Drill
{
    private const int Copies = 2;
    private const int Rows = 1_000;
    private const int Readers = 250;
    private const int Loads = 16;
    private const int Waiting = 64;
    private const int ReadsAtPeak = 10_000;
    private const int Walkers = 8;

    private static readonly TrafficMix Mix = new(Readers, TimeSpan.FromMilliseconds(10), 0, TimeSpan.Zero);
    private static readonly TimeSpan LoadTakes = TimeSpan.FromMilliseconds(10);

    /// <inheritdoc/>
    public override string Name => "cache.cold";

    /// <inheritdoc/>
    public override string Claim => string.Create(
        CultureInfo.InvariantCulture,
        $"Emptied at its peak, a shared cache lets no more than {Loads} loads a copy through to the store at once, and no key twice; whoever asks gets a value, or is refused in so many words because {Waiting} wait already; then all is as before.");

    /// <inheritdoc/>
    public override string Sabotage => "There is no gate: all loads run at once.";

    /// <inheritdoc/>
    public override int DefaultRounds => 10;

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        if (DrillSpaces.Missing(context) is { } missing)
            return DrillResult.NotHere(missing);

        await using var program = await SharedProgram.StartAsync(context, cancellationToken);
        using var line = await RespLine.ConnectAsync(program.Port, cancellationToken);
        var (findings, store) = (new Findings(), new CountedStore(Rows, LoadTakes));
        await using var copies = new CopySet(Copies, () => new StoreCopy(
            new DrillSpaces(context, program.Connection, DrillSpaces.Patient), store, Options(context.Sabotage), context.Random.Next(), findings));
        await copies.ReadyAsync(cancellationToken);
        await WalkAsync(copies.All, cancellationToken);
        var (rounds, answered, refused, loads, most) = (0, 0L, 0L, 0L, 0);
        while (rounds < context.Rounds && findings.IsClean)
        {
            _ = store.Take();
            var before = (Answered: copies.All.Sum(c => c.Answered), Refused: copies.All.Sum(c => c.Refused));
            await using (new Traffic(copies.All, Rows, Mix, context.Random))
            {
                await line.AskAsync("FLUSHALL", cancellationToken);
                await Waits.UntilAsync(
                    () => copies.All.Sum(c => c.Answered + c.Refused) - before.Answered - before.Refused >= ReadsAtPeak,
                    "Readers are answered.", cancellationToken);
            }

            var peak = (Answered: copies.All.Sum(c => c.Answered) - before.Answered, Refused: copies.All.Sum(c => c.Refused) - before.Refused);
            await WalkAsync(copies.All, cancellationToken);
            var asked = store.Take();
            var refusedBefore = copies.All.Sum(c => c.Refused);
            await WalkAsync(copies.All, cancellationToken);
            var again = store.Take().Loads + copies.All.Sum(c => c.Refused) - refusedBefore;

            var seen = string.Create(CultureInfo.InvariantCulture, $"{peak.Answered:N0} answered, {peak.Refused:N0} refused, {asked.Loads:N0} loads of {Rows:N0} keys, {asked.MostAtOnce} at once at most");
            findings.Require(asked.MostAtOnce <= Copies * Loads, "times more loads ran at once than the gates let through", seen);
            findings.Require(asked.Loads <= Rows, "times there were more loads than keys", seen);
            findings.Require(peak.Answered > 0 && asked.Loads > 0, "times nothing was to be seen", seen);
            findings.Require(again == 0, "times it had not recovered", $"{again} loads and refusals when all had been loaded");
            (answered, refused, loads, most) = (answered + peak.Answered, refused + peak.Refused, loads + asked.Loads, Math.Max(most, asked.MostAtOnce));
            context.Progress(++rounds, context.Rounds, seen);
        }

        return new DrillResult(
            findings.IsClean,
            string.Create(CultureInfo.InvariantCulture, $"Times the cache of {Rows:N0} keys was emptied under {Copies * Readers} readers in {Copies} copies: {rounds}."),
            findings.IsClean
                ? string.Create(CultureInfo.InvariantCulture, $"{answered:N0} reads were answered and {refused:N0} refused; {loads:N0} loads, none of a key twice, {most} at once at most.")
                : findings.ToString());
    }

    private static LoadingOptions Options(bool hasNoGate) => new()
    {
        Lives = new ValueLives { Life = TimeSpan.FromHours(1) },
        Lease = TimeSpan.FromMinutes(1),
        HeldWait = TimeSpan.FromMinutes(1),
        Loads = hasNoGate ? Rows : Loads,
        Waiting = Waiting,
    };

    // Every copy asks for every row, a few at a time, so that none is refused.
    private static Task WalkAsync(IReadOnlyList<StoreCopy> copies, CancellationToken cancellationToken) => Task.WhenAll(
        copies.SelectMany(copy => Enumerable.Range(0, Walkers).Select(async first =>
        {
            for (var row = first; row < Rows; row += Walkers)
                await copy.ReadAsync(row, cancellationToken);
        })));
}
