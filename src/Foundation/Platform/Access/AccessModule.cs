using Groundwork.Platform.Access.Keys;
using Groundwork.Platform.Access.Tokens;
using Groundwork.Platform.Http;
using Groundwork.Ports.Database;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Access;

/// <summary>The principals that may call, and their credentials: API keys kept here, and tokens of an authority.</summary>
public sealed class AccessModule : Module, IControlledModule
{
    private TokenVerifier? _tokens;

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
    }

    /// <inheritdoc/>
    public void MapControl(IEndpointRouteBuilder routes) => KeysEndpoints.Map(routes);

    /// <inheritdoc/>
    public override Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        _tokens = services.GetRequiredService<TokenVerifier>();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask<ModuleHealth> CheckHealthAsync(CancellationToken cancellationToken) => new(_tokens?.Problem is { } problem
        ? new ModuleHealth(HealthState.Degraded, $"The keys of Access:Authority cannot be fetched: {problem}. API keys work; tokens may get 503.")
        : ModuleHealth.Healthy);
}
