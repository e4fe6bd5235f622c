using Groundwork.Links.Benchmarks;
using Groundwork.Links.Clicks;
using Groundwork.Links.Drills;
using Groundwork.Links.Import;
using Groundwork.Platform.Caching;
using Groundwork.Platform.Data;
using Groundwork.Platform.Data.Backup;
using Groundwork.Platform.Http;
using Groundwork.Ports.Database;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Groundwork.Links;

/// <summary>The URL shortener: short codes for long addresses, and redirects from the one to the other.</summary>
public sealed class LinksModule : Module, IRoutedModule
{
    private readonly List<IAsyncDisposable> _running = [];
    private RedirectCache? _redirects;
    private Blocklist? _blocklist;
    private IClickIntake? _clicks;

    /// <inheritdoc/>
    public override string Name => "Links";

    /// <inheritdoc/>
    public override string Summary => "Short links that redirect to long addresses.";

    /// <inheritdoc/>
    public override IReadOnlyList<Setting> Settings => LinksOptions.All;

    /// <inheritdoc/>
    public override IReadOnlyList<Scope> Scopes => LinksScopes.All;

    /// <inheritdoc/>
    public override DatabaseSchema? Schema => LinkStore.Schema;

    /// <inheritdoc/>
    public override ModulePage? Page { get; } = new("Short links",
    [
        new("Make a short link", "curl -s{key} {base}v1/urls -H 'content-type: application/json' -d '{\"long_url\":\"https://example.org/a/long/path\"}'"),
        new("Follow it", "curl -i {base}CODE"),
    ]);

    /// <inheritdoc/>
    public override IReadOnlyList<Benchmark> Benchmarks => LinksBenchmarks.All;

    /// <inheritdoc/>
    public override IReadOnlyList<Drill> Drills { get; } =
    [
        new LinksCrashDrill(), new LinksEnumerationDrill(), new LinksStampedeDrill(), new LinksDatabaseDownDrill(), new LinksFailoverDrill(),
    ];

    /// <inheritdoc/>
    public override void Register(IServiceCollection services, SettingValues settings)
    {
        services.AddSingleton(LinksOptions.From(settings));
        services.AddSingleton<LinksTelemetry>();

        // Codes
        services.AddSingleton<CodeStore>();
        services.AddSingleton<CounterCodes>();
        services.AddSingleton(provider => new SnowflakeCodes(provider.GetRequiredService<TimeProvider>(), Random.Shared));
        services.AddSingleton<CodeBook>();

        // Links: made, changed, listed, imported, removed
        services.AddSingleton<Blocklist>();
        services.AddSingleton<OwnAddresses>();
        services.AddSingleton<LinkRules>();
        services.AddSingleton<LinkStore>();
        services.AddSingleton<Shortener>();
        services.AddSingleton<LinkListing>();
        services.AddSingleton<ImportSpools>();
        services.AddSingleton<LinkImport>();
        services.AddSingleton<ImportEndpoint>();
        services.AddSingleton<LinkSweep>();

        // Redirects
        services.AddSingleton(provider => RedirectSpace.Open(provider.GetRequiredService<CacheSpaces>(), provider.GetRequiredService<LinksOptions>()));
        services.AddSingleton<RedirectCache>();
        services.AddSingleton<Follower>();

        // Clicks
        services.AddSingleton<ClickRecorder>();
        services.AddSingleton<ClickStore>();
        services.AddSingleton<ClickWriter>();
        services.AddSingleton<VisitorSalts>();
        services.AddSingleton<ClickStats>();
        if (LinksOptions.From(settings).ClicksByTopic)
        {
            services.AddSingleton<WindowStore>();
            services.AddSingleton<ClickPublisher>();
            services.AddSingleton<TopicClickCounter>();
            services.AddSingleton<IClickIntake>(provider => provider.GetRequiredService<TopicClickCounter>());
        }
        else
        {
            services.AddSingleton<ClickCounter>();
            services.AddSingleton<IClickIntake>(provider => provider.GetRequiredService<ClickCounter>());
        }
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes) => LinksEndpoints.Map(routes);

    /// <inheritdoc/>
    public IReadOnlyList<Problem> Problems => LinksProblems.All;

    /// <inheritdoc/>
    public override async Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<CodeBook>().StartAsync(
            services.GetRequiredService<RestoreMarker>().BackupSeenFirstBy(this), cancellationToken);
        services.GetRequiredService<ImportSpools>().Clear();
        _redirects = services.GetRequiredService<RedirectCache>();
        _blocklist = services.GetRequiredService<Blocklist>();
        _running.AddRange([_blocklist, _redirects]);
        await _blocklist.StartAsync(cancellationToken);
        await _redirects.StartAsync(cancellationToken);
        StartClicks(services);
        Sweep(services, TimeSpan.FromMinutes(10), services.GetRequiredService<LinkStore>().Requests.SweepAsync);
        Sweep(services, TimeSpan.FromMinutes(1), services.GetRequiredService<LinkSweep>().SweepAsync);
        services.GetRequiredService<LinksTelemetry>();
    }

    /// <inheritdoc/>
    public override ValueTask<ModuleHealth> CheckHealthAsync(CancellationToken cancellationToken) => new((_blocklist, _redirects, _clicks) switch
    {
        ({ Problem: { } problem }, _, _) => new ModuleHealth(
            HealthState.Degraded, $"The blocklist cannot be used: {problem}. The one before stays in force until the file is corrected."),
        (_, { IsCurrent: false }, _) => new ModuleHealth(
            HealthState.Degraded, "Other copies' changes cannot be heard, so links are asked for again before they are followed."),
        (_, _, { Problem: { } problem }) => new ModuleHealth(HealthState.Degraded, $"Clicks are not counted now, and wait in their topic: {problem}"),
        _ => ModuleHealth.Healthy,
    });

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var part in Enumerable.Reverse(_running))
            await part.DisposeAsync();
    }

    private void StartClicks(IServiceProvider services)
    {
        _clicks = services.GetRequiredService<IClickIntake>();
        if (services.GetService<TopicClickCounter>() is { } counter)
        {
            var publisher = services.GetRequiredService<ClickPublisher>();
            _running.AddRange([counter, publisher]);
            counter.Start();
            publisher.Start();
        }
        else
        {
            var direct = services.GetRequiredService<ClickCounter>();
            _running.Add(direct);
            direct.Start();
        }
    }

    private void Sweep(IServiceProvider services, TimeSpan interval, Func<int, CancellationToken, Task<int>> removeAsync) =>
        _running.Add(new PeriodicSweep(
            interval, removeAsync, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<LinksModule>>()));
}
