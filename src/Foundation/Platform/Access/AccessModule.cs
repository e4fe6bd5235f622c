using Groundwork.Platform.Access.Keys;
using Groundwork.Platform.Access.Sessions;
using Groundwork.Platform.Access.Tokens;
using Groundwork.Platform.Http;
using Groundwork.Ports.Database;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Groundwork.Platform.Access;

/// <summary>The principals that may call, and their credentials: API keys kept here, and tokens of an authority.</summary>
public sealed class AccessModule : Module, IRoutedModule, IControlledModule
{
    private TokenVerifier? _tokens;
    private SessionSweep? _sweep;

    /// <inheritdoc/>
    public override string Name => "Access";

    /// <inheritdoc/>
    public override string Summary => "Who may call what: API keys, and tokens of an OpenID Connect authority.";

    /// <inheritdoc/>
    public override bool IsFoundation => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Setting> Settings => AccessOptions.All;

    /// <inheritdoc/>
    public override IReadOnlyList<Scope> Scopes { get; } = [AccessScopes.Manage];

    /// <inheritdoc/>
    public override DatabaseSchema? Schema => KeyStore.Schema;

    /// <inheritdoc/>
    public override IEnumerable<SettingError> Validate(SettingValues settings) => AccessOptions.Validate(settings);

    /// <inheritdoc/>
    public override void Register(IServiceCollection services, SettingValues settings)
    {
        services.AddSingleton<KeyStore>();
        services.AddSingleton<KeyVerifier>();
        services.AddSingleton<KeyRegistry>();
        services.AddSingleton(provider => new KeyManagement(provider.GetRequiredService<KeyRegistry>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<TokenVerifier>();
        services.AddSingleton<CredentialChecker>();
        services.AddSingleton(provider => new Credentials(
            provider.GetRequiredService<KeyStore>(), provider.GetRequiredService<TokenVerifier>(), provider.GetRequiredService<TimeProvider>()));
        RegisterSessions(services);
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes) => SessionEndpoints.Map(routes);

    /// <inheritdoc/>
    public void MapControl(IEndpointRouteBuilder routes) => KeysEndpoints.Map(routes);

    /// <inheritdoc/>
    public override async Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        _tokens = services.GetRequiredService<TokenVerifier>();
        await services.GetRequiredService<ProtectionKey>().LoadAsync(cancellationToken);
        _sweep = new SessionSweep(
            services.GetRequiredService<SessionRegistry>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<SessionSweep>>());
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_sweep is not null)
            await _sweep.DisposeAsync();
    }

    /// <inheritdoc/>
    public override ValueTask<ModuleHealth> CheckHealthAsync(CancellationToken cancellationToken) => new(_tokens?.Problem is { } problem
        ? new ModuleHealth(HealthState.Degraded, $"The keys of Access:Authority cannot be fetched: {problem}. API keys work; tokens may get 503.")
        : ModuleHealth.Healthy);

    private static void RegisterSessions(IServiceCollection services)
    {
        services.AddSingleton<SessionStore>();
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<SessionGate>();
        services.AddSingleton<AttemptLimiter>();
        services.AddSingleton<AuthorityClient>();
        services.AddSingleton<SessionEndpoints>();
        services.AddSingleton(provider => new SignInWays(provider.GetRequiredService<AuthorityClient>()));
        services.AddSingleton<ProtectionKey>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(
            options => options.XmlRepository = provider.GetRequiredService<ProtectionKey>()));
        services.AddDataProtection().SetApplicationName("groundwork").DisableAutomaticKeyGeneration();

        // It would read the key at every start, with all that reads XML: most instances seal nothing before a browser comes.
        services.Remove(services.Single(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Name == "DataProtectionHostedService"));

        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "groundwork-forms";
            options.Cookie.Path = SessionRoutes.Below;
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
    }
}
