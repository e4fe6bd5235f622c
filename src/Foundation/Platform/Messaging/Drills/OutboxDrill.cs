using System.Globalization;
using Groundwork.Ports.Database;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Messaging.Drills;

/// <summary>
/// Kills a process that changes rows and tells of each change, over and over, while the broker refuses appends and loses answers, and compares in the end what committed
/// with what was told.
/// </summary>
/// <remarks>
/// <para>The steps:</para>
/// <list type="number">
/// <item>the whole program is started for its broker, which a worker reaches by Kafka's protocol: so the broker outlives the worker;</item>
/// <item>a worker lives as <see cref="OutboxLife"/> says, on the database that the rounds before it left behind; a random time after its first append it is killed (SIGKILL);</item>
/// <item>a last worker, to which nothing happens, tells what waits and lets it take effect;</item>
/// <item>this process reads the tables and the topic: <see cref="ToldEvents"/>.</item>
/// </list>
/// <para>It lives here, with outbox and inbox, and not in the Broker's project: an engine knows nothing of them, and the claim holds over any broker.</para>
/// </remarks>
/// <param name="engines">Those that reach a broker by its address.</param>
internal sealed class OutboxDrill(IReadOnlyList<IBrokerEngine> engines) : Drill
{
    private const int ShortestLifeMs = 20;
    private const int LongestLifeMs = 500;
    private const string Settling = "settle";

    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public override string Name => "broker.outbox";

    /// <inheritdoc/>
    public override string Claim =>
        $"Killed (SIGKILL) at any moment while {OutboxLife.Writers} callers change rows and tell of it through the outbox, and while the broker refuses appends and loses answers, every change that committed is told at "
        + "least once, those of a key in the order of their commits; nothing is told that did not commit; and each takes effect once.";

    /// <inheritdoc/>
    public override string Sabotage => "Events are appended beside the transactions, before or after the commit, instead of being written in them.";

    /// <inheritdoc/>
    public override int DefaultRounds => 20;

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        var port = LastingPort.Next(context.Random);
        if (Missing(context, port) is { } missing)
            return DrillResult.NotHere(missing);

        await using var program = await context.StartProgramAsync(                                              // 1
            Path.Combine(context.Folder, "broker"), ["--Broker:Connection=", $"--Broker:Listen={Address(port)}"], cancellationToken);
        await using var broker = Connect(context, port);
        await broker.EnsureTopicAsync(new TopicSpec(OutboxLife.Topic, OutboxLife.Partitions), cancellationToken);
        var appends = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var round = 0; round < context.Rounds; round++)
        {
            var life = TimeSpan.FromMilliseconds(context.Random.Next(ShortestLifeMs, LongestLifeMs + 1));
            await LiveAndDieAsync(context, port, life, appends, cancellationToken);                             // 2
            context.Progress(round + 1, context.Rounds, $"killed {life.TotalMilliseconds:0} ms after its first append; of all appends so far {InWords(appends)}");
        }

        await SettleAsync(context, port, cancellationToken);                                                    // 3
        var findings = new Findings();
        var told = new ToldEvents(findings);
        await using var services = context.BuildServices();
        var database = await services.ServiceProvider.GetRequiredService<IDatabaseServer>().OpenAsync(ItemRows.Schema, cancellationToken);
        await told.CheckAsync(database, broker, cancellationToken);                                             // 4
        return new DrillResult(
            findings.IsClean,
            string.Create(CultureInfo.InvariantCulture, $"Kills: {context.Rounds:N0}, each {ShortestLifeMs} to {LongestLifeMs} ms after the first append of a life; {told.Committed:N0} changes committed. Appends: {InWords(appends)}."),
            findings.IsClean
                ? string.Create(CultureInfo.InvariantCulture, $"Every change that committed was told, those of a key in order, and {told.Repeated:N0} times once more; nothing else was, and each took effect once.")
                : findings.ToString());
    }

    /// <inheritdoc/>
    public override async Task WorkAsync(IDrillContext context, TextWriter output, CancellationToken cancellationToken)
    {
        var words = context.Argument.Split(' ');
        await using var broker = Connect(context, int.Parse(words[1], CultureInfo.InvariantCulture));
        var database = await context.Services.GetRequiredService<IDatabaseServer>().OpenAsync(ItemRows.Schema, cancellationToken);
        var time = context.Services.GetRequiredService<TimeProvider>();
        if (words[0] == Settling)
        {
            await using var last = new OutboxLife(database, broker, time);
            using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            bounded.CancelAfter(SettleWithin);
            await last.SettleAsync(bounded.Token);
            return;
        }

        await using var life = new OutboxLife(database, new FaultyBroker(broker, new Random(context.Random.Next()), output), time);
        await life.RunAsync(context.Random, context.Sabotage, cancellationToken);
    }

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private static string InWords(Dictionary<string, long> appends) => string.Join(
        ", ", appends.OrderByDescending(kind => kind.Value).Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Value:N0} {kind.Key}")));

    private static async Task LiveAndDieAsync(
        IDrillContext context, int port, TimeSpan life, Dictionary<string, long> appends, CancellationToken cancellationToken)
    {
        Task? killing = null;
        await using var worker = context.StartWorker(string.Create(CultureInfo.InvariantCulture, $"live {port}"));
        await foreach (var line in worker.ReadLinesAsync(cancellationToken))
        {
            appends[line] = appends.GetValueOrDefault(line) + 1;
            if (line == FaultyBroker.Told)
                killing ??= KillAsync();
        }

        await (killing ?? throw new InvalidOperationException("The worker ended before anything was told."));

        async Task KillAsync()
        {
            await Task.Delay(life, cancellationToken);
            worker.Kill();
        }
    }

    private static async Task SettleAsync(IDrillContext context, int port, CancellationToken cancellationToken)
    {
        await using var worker = context.StartWorker(string.Create(CultureInfo.InvariantCulture, $"{Settling} {port}"));
        await foreach (var _ in worker.ReadLinesAsync(cancellationToken))
        {
            // It says nothing, and ends when it is done.
        }
    }

    private string? Missing(IDrillContext context, int port) => this switch
    {
        _ when !context.Services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IBrokerInspector)) || Engine(port) is null =>
            "No module of this program keeps a log, or reaches one: let all Modules run.",
        _ when context.Services.GetRequiredService<SettingValues>().Get(DatabaseSettings.Connection).Length > 0 =>
            $"Others share the database, and a relay of theirs would tell this drill's events elsewhere: leave {DatabaseSettings.Connection.Name} empty.",
        _ => null,
    };

    private IBrokerEngine? Engine(int port) => engines.FirstOrDefault(engine => engine.Fault(Address(port)) is null);

    private ISharedBroker Connect(IDrillContext context, int port) => Engine(port)!.Create(new BrokerContext(
        SettingValues.Of((BrokerSettings.Connection, Address(port))), context.Services.GetRequiredService<TimeProvider>(),
        context.Services.GetRequiredService<ILoggerFactory>()));
}
