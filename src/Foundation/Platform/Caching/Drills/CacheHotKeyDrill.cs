using System.Diagnostics;
using System.Globalization;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Experiments;

namespace Groundwork.Platform.Caching.Drills;

/// <summary>
/// Lets several processes read one key of a shared cache as often as all others together: at first as clients that keep nothing, to see
/// whether the cache finds it out, and then as copies of the program that keep it near while somebody writes it.
/// </summary>
/// <remarks>
/// What reaches the server is what it counts itself, of all keys. When a read began and when a write ended is told by the machine's one clock
/// of ticks, which all its processes share.
/// </remarks>
internal sealed class CacheHotKeyDrill : Drill
{
    private const int Processes = 3;
    private const int Factor = 50;
    private const double LeastShare = 0.3;
    private const int Writes = 10;

    private static readonly TimeSpan WritePause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Bound = CacheSettings.Silence + CacheSettings.Timeout.Default;

    /// <inheritdoc/>
    public override string Name => "cache.hot-key";

    /// <inheritdoc/>
    public override string Claim => string.Create(
        CultureInfo.InvariantCulture,
        $"A key that {Processes} processes read as often as all others together is first among HOTKEYS after {Processes * HotKeyReader.PlainReads:N0} reads; copies that keep near what they read ask the server at most once in {Factor} reads, and none reads what was written over more than {Bound.TotalMilliseconds:0} ms before.");

    /// <inheritdoc/>
    public override string Sabotage => "Nothing is kept near.";

    /// <inheritdoc/>
    public override int DefaultRounds => 5;

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        if (DrillSpaces.Missing(context) is { } missing)
            return DrillResult.NotHere(missing);

        await using var program = await SharedProgram.StartAsync(context, cancellationToken);
        await using var spaces = new DrillSpaces(context, program.Connection, DrillSpaces.Patient);
        using var line = await RespLine.ConnectAsync(program.Port, cancellationToken);
        await spaces.ReadyAsync(cancellationToken);
        var findings = new Findings();
        await using var workers = new WorkerLines(context, Processes, program.Connection, cancellationToken);
        var board = new HotKeyBoard(spaces.OpenFar(HotKeyReader.Space));
        await board.FillAsync(cancellationToken);
        var (rounds, reads, asked) = (0, 0L, 0L);
        while (rounds < context.Rounds && findings.IsClean)
        {
            await board.WriteAsync(HotKeyVersions.First(rounds), cancellationToken);
            await board.StartAsync(2 * rounds, cancellationToken);
            _ = await workers.NextAsync();
            var hot = await HottestAsync(line, cancellationToken);

            var before = await line.StatisticAsync("keyspace_hits", cancellationToken);
            await board.StartAsync((2 * rounds) + 1, cancellationToken);
            var ends = await WriteAsync(board, rounds, cancellationToken);
            var seen = (await workers.NextAsync()).Select(HotKeyReads.Parse).ToList();
            var hits = await line.StatisticAsync("keyspace_hits", cancellationToken) - before;

            Judge(findings, hot, hits, seen, ends, HotKeyVersions.First(rounds));
            (reads, asked) = (reads + AllReads(seen), asked + hits);
            context.Progress(++rounds, context.Rounds, string.Create(
                CultureInfo.InvariantCulture, $"found with a share of {hot.Share:0.00}; {AllReads(seen):N0} reads, {hits:N0} at the server"));
        }

        return new DrillResult(
            findings.IsClean,
            string.Create(CultureInfo.InvariantCulture, $"Rounds: {rounds}, each with {Processes * HotKeyReader.PlainReads:N0} reads by {Processes} processes that keep nothing, and then by copies that keep it near while it was written {Writes} times."),
            findings.IsClean
                ? string.Create(CultureInfo.InvariantCulture, $"It was found each time. Of {reads:N0} reads near the server saw {asked:N0}, one in {reads / Math.Max(1, asked):N0}; no read of it was older than {Bound.TotalMilliseconds:0} ms.")
                : findings.ToString());
    }

    /// <inheritdoc/>
    public override async Task WorkAsync(IDrillContext context, TextWriter output, CancellationToken cancellationToken)
    {
        await using var reader = new HotKeyReader(context, context.Argument);
        for (var round = 0; round < context.Rounds; round++)
        {
            await reader.ReadPlainlyAsync(2 * round, cancellationToken);
            await output.WriteLineAsync("read");
            await output.FlushAsync(cancellationToken);
            await output.WriteLineAsync((await reader.ReadNearAsync((2 * round) + 1, HotKeyVersions.Last(round, Writes), cancellationToken)).ToString());
            await output.FlushAsync(cancellationToken);
        }

        // Until its drill ends it.
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    // With each read of the hot key goes one of another.
    private static long AllReads(IEnumerable<HotKeyReads> hot) => 2 * hot.Sum(h => h.Count);

    private static async Task<(string Key, double Share)> HottestAsync(RespLine line, CancellationToken cancellationToken)
    {
        var answer = await line.AskAsync("HOTKEYS COUNT 1", cancellationToken);
        var at = answer.IndexOf("database");
        return at < 0 ? ("none", 0) : (answer[at + 3], double.Parse(answer[at + 7], CultureInfo.InvariantCulture));
    }

    // When each version's write had ended.
    private static async Task<Dictionary<long, long>> WriteAsync(HotKeyBoard board, int round, CancellationToken cancellationToken)
    {
        var ends = new Dictionary<long, long>();
        for (var write = 1; write <= Writes; write++)
        {
            await Task.Delay(WritePause, cancellationToken);
            await board.WriteAsync(HotKeyVersions.First(round) + write, cancellationToken);
            ends.Add(HotKeyVersions.First(round) + write, Stopwatch.GetTimestamp());
        }

        return ends;
    }

    private static void Judge(
        Findings findings, (string Key, double Share) hot, long hits, List<HotKeyReads> seen, Dictionary<long, long> ends, long first)
    {
        findings.Require(
            hot.Key.Contains($":{HotKeyReader.Hot}}}", StringComparison.Ordinal) && hot.Share >= LeastShare,
            "times the hot key was not found", string.Create(CultureInfo.InvariantCulture, $"first was {hot.Key} with a share of {hot.Share:0.00}"));
        var reads = AllReads(seen);
        findings.Require(
            hits * Factor <= reads, "times the server was asked too often", string.Create(CultureInfo.InvariantCulture, $"{hits:N0} of {reads:N0} reads"));
        foreach (var (version, began) in seen.SelectMany(s => s.LastBegan).Where(l => l.Version >= first))
        {
            if (ends.TryGetValue(version + 1, out var end) && began > end && Stopwatch.GetElapsedTime(end, began) is var late && late > Bound)
                findings.Add("readers read what was written over long before", string.Create(CultureInfo.InvariantCulture, $"{late.TotalMilliseconds:N0} ms after"));
        }
    }
}
