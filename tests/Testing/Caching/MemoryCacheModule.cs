using Groundwork.Ports.Caching;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Testing.Caching;

/// <summary>The process' own cache for instances under test that need no engine: a <see cref="MemoryCacheServer"/>.</summary>
public sealed class MemoryCacheModule : Module
{
    /// <inheritdoc/>
    public override string Name => "Cache";

    /// <inheritdoc/>
    public override string Summary => "A cache in a table.";

    /// <inheritdoc/>
    public override bool IsFoundation => true;

    /// <inheritdoc/>
    public override void Register(IServiceCollection services, SettingValues settings) =>
        services.AddSingleton<ICacheServer>(provider => new MemoryCacheServer(provider.GetRequiredService<TimeProvider>()));
}
