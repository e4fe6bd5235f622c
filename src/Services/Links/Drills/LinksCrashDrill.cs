using System.Globalization;
using Groundwork.Ports.Experiments;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Links.Drills;

/// <summary>
/// Kills the whole program while links are made, changed, deleted and followed over HTTP, over and over on one data folder, and compares
/// what is there with what was acknowledged.
/// </summary>
/// <remarks>
/// <para>A round:</para>
/// <list type="number">
/// <item>the users work; a random time later the program is killed (SIGKILL), and each is left with at most one request without an
/// answer;</item>
/// <item>the program is started again, and each user sends the create that was not answered once more;</item>
/// <item>each link that was made in the round, or had a change under way, is compared: where it leads by the API and by following, what its create answers when it is repeated,
/// how many clicks it has. An edit or a delete without an answer may have been done or not.</item>
/// </list>
/// <para>At the end all links of all rounds are compared once more. Always on the embedded database: the one that
/// <c>Database:Connection</c> names may be in use. <c>links.database-down</c> and <c>links.failover</c> have their own.</para>
/// </remarks>
internal sealed class LinksCrashDrill : Drill
{
    private const int Users = 16;
    private const int Followers = 4;
    private const int Checkers = 16;
    private const int ShortestLoadMs = 50;
    private const int LongestLoadMs = 500;

    /// <inheritdoc/>
    public override string Name => "links.crash";

    /// <inheritdoc/>
    public override string Claim =>
        $"Killed (SIGKILL) at any moment while {Users} users make, edit, delete and follow links, the program loses no acknowledged create, "
        + "edit or delete and no click that was read, hands no code out twice, and answers a repeated create with the same link.";

    /// <inheritdoc/>
    public override string Sabotage => "The program acknowledges each write when its statement has run, 5 ms before it is committed.";

    /// <inheritdoc/>
    public override int DefaultRounds => 30;

    /// <inheritdoc/>
    public override void Rig(IServiceCollection services, bool sabotage)
    {
        if (sabotage)
            services.WrapDatabase(real => new EarlyDatabase(real));
    }

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        var findings = new Findings();
        var shared = new CrashShared();
        var users = Enumerable.Range(0, Users).Select(id => new CrashUser(id, shared, findings)).ToList();
        var program = await StartAsync(context, cancellationToken);
        var kills = 0;
        while (kills < context.Rounds && findings.IsClean)
        {
            var seen = users.Select(u => u.Links.Count).ToList();
            var load = TimeSpan.FromMilliseconds(context.Random.Next(ShortestLoadMs, LongestLoadMs + 1));
            await LoadAndKillAsync(context, program, users, shared, load, cancellationToken);
            kills++;
            context.Progress(kills, context.Rounds, $"killed after {load.TotalMilliseconds:0} ms of load, {shared.Creates:N0} creates acknowledged so far");

            program = await StartAsync(context, cancellationToken);
            using var client = new LinksClient(program.Address);
            users.ForEach(u => u.Restarted());
            await Task.WhenAll(users.Select(u => u.ResolveAsync(client)));
            await CheckAsync(client, users.SelectMany((u, i) => u.Links.Where((link, at) => at >= seen[i] || link.IsInDoubt).Select(link => (u, link))), cancellationToken);
        }

        var inAll = users.Sum(u => u.Links.Count);
        if (findings.IsClean)
        {
            using var client = new LinksClient(program.Address);
            await CheckAsync(client, users.SelectMany(u => u.Links.Select(link => (u, link))), cancellationToken);
        }

        return new DrillResult(
            findings.IsClean,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Kills: {kills:N0}, each {ShortestLoadMs} to {LongestLoadMs} ms into the load of {Users} users and {Followers} followers; {shared}."),
            findings.IsClean
                ? string.Create(CultureInfo.InvariantCulture, $"All {inAll:N0} links are as they were acknowledged, none of their codes was handed out twice, and no click that was read is gone.")
                : findings.ToString());
    }

    private static Task<IExperimentProgram> StartAsync(IDrillContext context, CancellationToken cancellationToken) => context.StartProgramAsync(
        Path.Combine(context.Folder, "data"), ["--Database:Connection=", "--Links:CodeBlock=100"], cancellationToken);

    private static async Task LoadAndKillAsync(
        IDrillContext context, IExperimentProgram program, List<CrashUser> users, CrashShared shared, TimeSpan load, CancellationToken cancellationToken)
    {
        using var client = new LinksClient(program.Address);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var before = shared.Creates;
        var working = users.Select(u => u.WorkAsync(client, new Random(context.Random.Next()), ending.Token))
            .Concat(Enumerable.Range(0, Followers).Select(_ => shared.FollowAsync(client, new Random(context.Random.Next()), ending.Token)))
            .ToList();
        while (shared.Creates == before && !working.Exists(w => w.IsFaulted))
            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellationToken);
        await Task.Delay(load, cancellationToken);
        await program.KillAsync();
        await ending.CancelAsync();
        await Task.WhenAll(working);
    }

    private static Task CheckAsync(LinksClient client, IEnumerable<(CrashUser User, KnownLink Link)> links, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            links.ToList(), new ParallelOptions { MaxDegreeOfParallelism = Checkers, CancellationToken = cancellationToken },
            async (pair, _) => await pair.User.CheckAsync(client, pair.Link));
}
