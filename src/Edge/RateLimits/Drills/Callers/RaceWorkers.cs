using System.Globalization;
using Groundwork.Ports.Experiments;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Drills.Stores;

namespace Groundwork.RateLimits.Drills.Callers;

/// <summary>
/// The processes of <see cref="LimitsRaceDrill"/> in one round: each connects and says so, begins when the drill lets all begin, and then writes
/// what it was admitted, a line each.
/// </summary>
internal static class RaceWorkers
{
    private const string Ready = "ready";
    private const string Done = "done";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    /// <summary>Runs a round.</summary>
    /// <param name="context">The drill's.</param>
    /// <param name="count">How many processes.</param>
    /// <param name="store">Where they take.</param>
    /// <param name="round">Which round; its key is its own.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<CrowdSeen> RunAsync(IDrillContext context, int count, StoreProgram store, int round, CancellationToken cancellationToken)
    {
        var orders = Enumerable.Range(0, count).Select(number => new Order(store.Connection, round, number)).ToList();
        var workers = orders.Select(order => context.StartWorker(order.ToString())).ToList();
        try
        {
            var lines = workers.Select(w => w.ReadLinesAsync(cancellationToken).GetAsyncEnumerator(cancellationToken)).ToList();
            foreach (var worker in lines)
                await NextAsync(worker);
            await File.WriteAllTextAsync(orders[0].Gate(context.Folder), "", cancellationToken);
            var seen = await Task.WhenAll(lines.Select(ReadAsync));
            foreach (var worker in lines)
                await worker.DisposeAsync();
            return new CrowdSeen([.. seen.SelectMany(s => s.Admitted)], seen.Sum(s => s.Asked), seen.Max(s => s.LongestWait));
        }
        finally
        {
            foreach (var worker in workers)
                await worker.DisposeAsync();
        }
    }

    /// <summary>The worker's side.</summary>
    /// <param name="context">The worker's.</param>
    /// <param name="callers">How many callers at once.</param>
    /// <param name="duration">For how long they take.</param>
    /// <param name="output">Where it says what it saw.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task WorkAsync(IDrillContext context, int callers, TimeSpan duration, TextWriter output, CancellationToken cancellationToken)
    {
        var order = Order.Parse(context.Argument);
        await using var client = new StoreClient(context.Services, order.Connection, SkewedTime.Of(order.Number));
        await client.ReadyAsync(cancellationToken);
        ITaker taker = context.Sabotage ? new SplitTaker(client.Open("drill-split"), TimeProvider.System) : new StoreTaker(client.Limits);
        await taker.TakeAsync("warm"u8.ToArray(), order.Limit, cancellationToken);
        await output.WriteLineAsync(Ready);
        await output.FlushAsync(cancellationToken);
        while (!File.Exists(order.Gate(context.Folder)))
            await Task.Delay(Look, cancellationToken);

        var seen = await Crowd.RunAsync(callers, taker, order.Key, order.Limit, duration, cancellationToken);
        foreach (var (sent, received) in seen.Admitted)
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{sent} {received}"));
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{Done} {seen.Asked} {seen.LongestWait}"));
        await output.FlushAsync(cancellationToken);
    }

    private static async Task<CrowdSeen> ReadAsync(IAsyncEnumerator<string> lines)
    {
        var admitted = new List<Admission>();
        while (true)
        {
            var words = (await NextAsync(lines)).Split(' ');
            if (words[0] == Done)
                return new CrowdSeen(admitted, Number(words[1]), Number(words[2]));
            admitted.Add(new Admission(Number(words[0]), Number(words[1])));
        }
    }

    private static async Task<string> NextAsync(IAsyncEnumerator<string> lines) =>
        await lines.MoveNextAsync() ? lines.Current : throw new InvalidOperationException("A worker ended before its work was done.");

    private static long Number(string word) => long.Parse(word, CultureInfo.InvariantCulture);

    private sealed record Order(string Connection, int Round, int Number)
    {
        public Limit Limit => LimitCases.Of(Round);

        public byte[] Key => System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"race-{Round}"));

        // A file in the drill's folder: those who are let go all see it, and it takes nothing of the store.
        public string Gate(string folder) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"go-{Round}"));

        public static Order Parse(string text) => text.Split(' ') is [var connection, var round, var number]
            ? new Order(connection, int.Parse(round, CultureInfo.InvariantCulture), int.Parse(number, CultureInfo.InvariantCulture))
            : throw new FormatException($"'{text}' is no order of a round.");

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Connection} {Round} {Number}");
    }
}
