using System.Globalization;
using Groundwork.Ports.Experiments;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Links.Drills;

/// <summary>
/// Lets a crowd follow one link that is in no cache, while the database is slow, and counts how often that is asked.
/// </summary>
internal sealed class LinksStampedeDrill : Drill
{
    private const int Connections = 2_000;
    private const int RequestsEach = 5;

    // For as long the program answers /metrics with what it counted before.
    private static readonly TimeSpan MetricsLife = TimeSpan.FromMilliseconds(400);

    /// <inheritdoc/>
    public override string Name => "links.stampede";

    /// <inheritdoc/>
    public override string Claim => string.Create(
        CultureInfo.InvariantCulture,
        $"{Connections * RequestsEach:N0} requests for one link that is in no cache, {Connections:N0} of them at once, cause one read of the database, and all are answered.");

    /// <inheritdoc/>
    public override string Sabotage => "Redirects are not cached, nor do those that wait share a read.";

    /// <inheritdoc/>
    public override int DefaultRounds => 10;

    /// <inheritdoc/>
    public override void Rig(IServiceCollection services, bool sabotage)
    {
        services.WrapDatabase(real => new CountingDatabase(real));
        if (sabotage)
            services.ForgetRedirects();
    }

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        await using var program = await context.StartProgramAsync(
            Path.Combine(context.Folder, "data"), ["--Database:Connection=", $"--Http:Connections={2 * Connections}"], cancellationToken);
        using var client = new LinksClient(program.Address);
        using var metrics = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = program.Address };
        using var crowd = await Crowd.GatherAsync(program.Address, Connections, cancellationToken);
        var findings = new Findings();
        var (rounds, answered, reads) = (0, 0L, 0L);
        while (rounds < context.Rounds && findings.IsClean)
        {
            var longUrl = $"https://example.org/{rounds}";
            var code = (await client.CreateAsync(longUrl)).Code;
            var before = await ReadsAsync(metrics, cancellationToken);
            var followed = await crowd.FollowAsync(code, longUrl, RequestsEach, cancellationToken);
            var after = await ReadsAsync(metrics, cancellationToken);

            rounds++;
            (answered, reads) = (answered + followed, reads + after - before);
            var seen = string.Create(CultureInfo.InvariantCulture, $"{after - before:N0} reads, {followed:N0} right answers");
            findings.Require(after - before == 1, "times the database was asked more than once, or not at all", seen);
            findings.Require(followed == Connections * RequestsEach, "times not all were answered right", seen);
            context.Progress(rounds, context.Rounds, seen);
        }

        return new DrillResult(
            findings.IsClean,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Links, each new and in no cache: {rounds:N0}; {Connections * RequestsEach:N0} requests for each over {Connections:N0} connections at once, while a read took 300 ms longer."),
            findings.IsClean
                ? string.Create(CultureInfo.InvariantCulture, $"{answered:N0} requests were answered right by {reads:N0} reads, one a link.")
                : findings.ToString());
    }

    private static async Task<long> ReadsAsync(HttpClient metrics, CancellationToken cancellationToken)
    {
        await Task.Delay(MetricsLife, cancellationToken);
        var text = await metrics.GetStringAsync(new Uri("metrics", UriKind.Relative), cancellationToken);
        var line = text.Split('\n').FirstOrDefault(l => l.StartsWith(CountingDatabase.CountName, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
