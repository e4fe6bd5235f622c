using Groundwork.Links.Clicks;
using Groundwork.Links.Drills;
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
    private PeriodicSweep? _sweep;
    private ClickCounter? _clicks;
    private RedirectCache? _redirects;

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
        new("Make a short link", "curl -s {base}v1/urls -H 'content-type: application/json' -d '{\"long_url\":\"https://example.org/a/long/path\"}'"),
        new("Follow it", "curl -i {base}CODE"),
    ]);

    /// <inheritdoc/>
    public override IReadOnlyList<Drill> Drills { get; } =
    [
        new LinksCrashDrill(), new LinksEnumerationDrill(), new LinksStampedeDrill(), new LinksDatabaseDownDrill(), new LinksFailoverDrill(),
    ];

    /// <inheritdoc/>
    public override void Register(IServiceCollection services, SettingValues settings)
    {
        services.AddSingleton(LinksOptions.From(settings));
        services.AddSingleton<CodeStore>();
        services.AddSingleton<CounterCodes>();
        services.AddSingleton(provider => new SnowflakeCodes(provider.GetRequiredService<TimeProvider>(), Random.Shared));
        services.AddSingleton<CodeBook>();
        services.AddSingleton<LinkStore>();
        services.AddSingleton<RedirectCache>();
        services.AddSingleton<ClickRecorder>();
        services.AddSingleton<ClickStore>();
        services.AddSingleton<ClickCounter>();
        services.AddSingleton<ClickStats>();
        services.AddSingleton<LinkRules>();
        services.AddSingleton<Shortener>();
        services.AddSingleton<Follower>();
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
        _redirects = services.GetRequiredService<RedirectCache>();
        await _redirects.StartAsync(cancellationToken);
        _clicks = services.GetRequiredService<ClickCounter>();
        _clicks.Start();
        _sweep = new PeriodicSweep(
            TimeSpan.FromMinutes(10),
            services.GetRequiredService<LinkStore>().Requests.SweepAsync,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<LinksModule>>());
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var part in (IAsyncDisposable?[])[_sweep, _clicks, _redirects])
        {
            if (part is not null)
                await part.DisposeAsync();
        }
    }
}
