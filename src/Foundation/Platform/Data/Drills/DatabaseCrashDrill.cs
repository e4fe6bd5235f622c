using System.Globalization;
using Groundwork.Ports.Database;
using Groundwork.Ports.Experiments;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Data.Drills;

/// <summary>
/// Kills the program while it writes, over and over, and looks for what was acknowledged.
/// </summary>
/// <remarks>
/// <para>A round:</para>
/// <list type="number">
/// <item>a worker opens the database that the rounds before it left behind, and writes, printing the number of each row or
/// pair after its acknowledgement;</item>
/// <item>a random time after the first of them it is killed (SIGKILL), and everything that it printed is read;</item>
/// <item>this process opens the database anew, which recovers it, and looks at that round's rows.</item>
/// </list>
/// <para>At the end all rounds are looked at once more, since a later recovery could have undone an earlier round. Only the
/// port is used, so the engine is whichever serves <c>Database:Connection</c>. With PostgreSQL what is killed is our side of
/// the connection; its own crash is its own business.</para>
/// </remarks>
internal sealed class DatabaseCrashDrill : Drill
{
    private const int ShortestLoadMs = 20;
    private const int LongestLoadMs = 300;

    /// <inheritdoc/>
    public override string Name => "database.crash";

    /// <inheritdoc/>
    public override string Claim =>
        $"Killed (SIGKILL) at any moment while {CrashRows.Writers} callers write, the database loses no acknowledged write, keeps "
        + "each transaction whole or not at all, and opens again sound.";

    /// <inheritdoc/>
    public override string Sabotage => "The worker acknowledges each write before it is durable.";

    /// <inheritdoc/>
    public override int DefaultRounds => 200;

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        var run = Random.Shared.NextInt64();
        var acknowledged = new List<long[]>();
        var findings = new CrashFindings();
        while (acknowledged.Count < context.Rounds && findings.IsClean)
        {
            var load = TimeSpan.FromMilliseconds(context.Random.Next(ShortestLoadMs, LongestLoadMs + 1));
            var round = acknowledged.Count;
            acknowledged.Add(await LoadAndKillAsync(context, Argument(run, round), load, cancellationToken));
            context.Progress(
                round + 1, context.Rounds,
                $"killed after {load.TotalMilliseconds:0} ms of writing, {acknowledged[round].Length:N0} acknowledged");
            await ReopenAsync(
                context, findings, database => CheckAsync(database, run, round, acknowledged[round], findings, cancellationToken), cancellationToken);
        }

        if (findings.IsClean)
        {
            findings = new CrashFindings();
            await ReopenAsync(context, findings, database => CheckAllAsync(database, run, acknowledged, findings, cancellationToken), cancellationToken);
        }

        return Result(acknowledged, findings);
    }

    /// <inheritdoc/>
    public override async Task WorkAsync(IDrillContext context, TextWriter output, CancellationToken cancellationToken)
    {
        var words = context.Argument.Split(' ');
        var run = long.Parse(words[0], CultureInfo.InvariantCulture);
        var round = int.Parse(words[1], CultureInfo.InvariantCulture);
        var database = await context.Services.GetRequiredService<IDatabaseServer>().OpenAsync(CrashRows.Schema, cancellationToken);
        await new CrashLoad(database, run, round, acknowledgeEarly: context.Sabotage).RunAsync(output, cancellationToken);
    }

    private static string Argument(long run, int round) => string.Create(CultureInfo.InvariantCulture, $"{run} {round}");

    private static async Task<long[]> LoadAndKillAsync(
        IDrillContext context, string argument, TimeSpan load, CancellationToken cancellationToken)
    {
        var acknowledged = new List<long>();
        Task? killing = null;
        await using var worker = context.StartWorker(argument);
        await foreach (var line in worker.ReadLinesAsync(cancellationToken))
        {
            killing ??= KillAsync();
            acknowledged.Add(long.Parse(line, CultureInfo.InvariantCulture));
        }

        await (killing ?? throw new InvalidOperationException("The worker ended before anything was acknowledged."));
        return [.. acknowledged];

        async Task KillAsync()
        {
            await Task.Delay(load, cancellationToken);
            worker.Kill();
        }
    }

    private static async Task ReopenAsync(
        IDrillContext context, CrashFindings findings, Func<IDatabase, Task> look, CancellationToken cancellationToken)
    {
        await using var services = context.BuildServices();
        var server = services.ServiceProvider.GetRequiredService<IDatabaseServer>();
        try
        {
            var database = await server.OpenAsync(CrashRows.Schema, cancellationToken);
            await server.CheckAsync(cancellationToken);
            await look(database);
        }
        catch (DatabaseException e) when (e.Failure == DatabaseFailure.Corrupt)
        {
            findings.AddDamage(e.Message);
        }
    }

    private static async Task CheckAsync(
        IDatabase database, long run, int round, long[] acknowledged, CrashFindings findings, CancellationToken cancellationToken) =>
        findings.Add(acknowledged, await CrashRows.ReadAsync(database, run, round, cancellationToken));

    // Rows stay where the claim failed, to be looked at, and go where it held, because others may share the database.
    private static async Task CheckAllAsync(
        IDatabase database, long run, List<long[]> acknowledged, CrashFindings findings, CancellationToken cancellationToken)
    {
        for (var round = 0; round < acknowledged.Count; round++)
            await CheckAsync(database, run, round, acknowledged[round], findings, cancellationToken);
        for (var round = 0; round < acknowledged.Count && findings.IsClean; round++)
            await CrashRows.DeleteAsync(database, run, round, cancellationToken);
    }

    private static DrillResult Result(List<long[]> acknowledged, CrashFindings findings)
    {
        var pairs = acknowledged.Sum(round => round.LongCount(CrashRows.IsPair));
        var rows = acknowledged.Sum(round => round.LongLength) - pairs;
        return new DrillResult(
            findings.IsClean,
            $"Kills: {acknowledged.Count:N0}, each {ShortestLoadMs} to {LongestLoadMs} ms after the first acknowledgement, while "
            + $"{CrashRows.Writers} callers wrote; {rows:N0} rows and {pairs:N0} pairs of rows were acknowledged.",
            findings.ToString());
    }
}
