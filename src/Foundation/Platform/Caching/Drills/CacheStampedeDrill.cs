using System.Globalization;
using Groundwork.Ports.Experiments;

namespace Groundwork.Platform.Caching.Drills;

/// <summary>
/// Lets the callers of several processes ask for one key that nobody has loaded, all at once, and counts what reaches the store.
/// </summary>
/// <remarks>
/// How long others wait for whoever loads is set far beyond how long loading takes (<see cref="LoadingOptions.HeldWait"/>, half a second
/// where nobody says otherwise), so that a machine that is busy is not taken for a loader that is lost.
/// </remarks>
internal sealed class CacheStampedeDrill : Drill
{
    private const int Processes = 4;
    private const int CallersEach = 2_500;

    private static readonly TimeSpan LoadTakes = TimeSpan.FromMilliseconds(300);

    /// <inheritdoc/>
    public override string Name => "cache.stampede";

    /// <inheritdoc/>
    public override string Claim => string.Create(
        CultureInfo.InvariantCulture,
        $"{Processes * CallersEach:N0} callers in {Processes} processes that share a cache ask at once for a key that is not there: it is loaded once, and all get it.");

    /// <inheritdoc/>
    public override string Sabotage => "Callers load for themselves and put it there: no lease, no load that is shared.";

    /// <inheritdoc/>
    public override int DefaultRounds => 20;

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        if (DrillSpaces.Missing(context) is { } missing)
            return DrillResult.NotHere(missing);

        await using var origin = await CountedOrigin.StartAsync(Processes, LoadTakes, cancellationToken);
        await using var program = await SharedProgram.StartAsync(context, cancellationToken);
        await using var workers = new WorkerLines(context, Processes, $"{program.Connection} {origin.Address}", cancellationToken);
        var findings = new Findings();
        var (rounds, loads) = (0, 0L);
        while (rounds < context.Rounds && findings.IsClean)
        {
            var right = (await workers.NextAsync()).Sum(line => int.Parse(line, CultureInfo.InvariantCulture));
            var seen = string.Create(CultureInfo.InvariantCulture, $"{origin.Loads(rounds):N0} loads, {right:N0} right answers");
            findings.Require(origin.Loads(rounds) == 1, "times the key was loaded more than once, or not at all", seen);
            findings.Require(right == Processes * CallersEach, "times not all got it", seen);
            loads += origin.Loads(rounds);
            context.Progress(++rounds, context.Rounds, seen);
        }

        return new DrillResult(
            findings.IsClean,
            string.Create(CultureInfo.InvariantCulture, $"Keys, each asked for by {Processes * CallersEach:N0} callers in {Processes} processes at once, while a load took {LoadTakes.TotalMilliseconds:0} ms: {rounds}."),
            findings.IsClean
                ? string.Create(CultureInfo.InvariantCulture, $"{rounds * Processes * CallersEach:N0} right answers from {loads} loads, one a key.")
                : findings.ToString());
    }

    /// <inheritdoc/>
    public override async Task WorkAsync(IDrillContext context, TextWriter output, CancellationToken cancellationToken)
    {
        var words = context.Argument.Split(' ');
        await using var crowd = new StampedeCrowd(context, words[0], new Uri(words[1]));
        for (var round = 0; round < context.Rounds; round++)
        {
            await output.WriteLineAsync((await crowd.AskAsync(round, CallersEach, cancellationToken)).ToString(CultureInfo.InvariantCulture));
            await output.FlushAsync(cancellationToken);
        }

        // Until its drill ends it.
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
