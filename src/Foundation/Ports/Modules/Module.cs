using Groundwork.Ports.Database;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Ports.Modules;

/// <summary>
/// One room of the house. The program lists its modules in start order and stops them in reverse.
/// </summary>
/// <remarks>
/// <para>A module's life:</para>
/// <list type="number">
/// <item>It is constructed without effects: what it is (name, settings, scopes, drills, …) can be asked at once.</item>
/// <item><see cref="Validate"/> sees the settings in force and reports what contradicts.</item>
/// <item><see cref="Register"/> adds its services; still nothing is opened.</item>
/// <item>Its routes are mapped, if it has any (<c>IRoutedModule</c>, in Platform).</item>
/// <item><see cref="StartAsync"/> opens what it needs. Modules before it in the list are running.</item>
/// <item><see cref="StopAsync"/> lets go of it, losing nothing that was acknowledged. Modules before it are still running.</item>
/// </list>
/// <para>What a module does not need it does not override.</para>
/// </remarks>
public abstract class Module
{
    /// <summary>Its name, which is also its section of the settings: <c>Links</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What it is for, in one sentence.</summary>
    public abstract string Summary { get; }

    /// <summary>Whether others stand on it, so that it runs whatever <c>Modules</c> says.</summary>
    public virtual bool IsFoundation => false;

    /// <summary>Its floor of the house.</summary>
    public virtual ModuleLayer Layer => IsFoundation ? ModuleLayer.Foundation : ModuleLayer.Services;

    /// <summary>What an operator can set, all in the module's own section.</summary>
    public virtual IReadOnlyList<Setting> Settings => [];

    /// <summary>The permissions that its endpoints ask for: <c>links:read</c>, <c>links:write</c>.</summary>
    public virtual IReadOnlyList<Scope> Scopes => [];

    /// <summary>Its tables, opened before <see cref="StartAsync"/>; null where it keeps nothing.</summary>
    public virtual DatabaseSchema? Schema => null;

    /// <summary>The names of its <c>Meter</c> and <c>ActivitySource</c>.</summary>
    public virtual string TelemetryName => $"Groundwork.{Name}";

    /// <summary>How it introduces itself: on the console, and to whoever has just started the program.</summary>
    public virtual ModulePage? Page => null;

    /// <summary>
    /// Where it is reached by its own protocol, once it runs, as it stands in a URL or a shell: <c>127.0.0.1:6379</c>, and before it
    /// the name of a secret where one is asked for; null where it is not reached so.
    /// </summary>
    public virtual string? Authority => null;

    /// <summary>What is asked of it in a protocol of its own, for who looks at the house; null where there is none.</summary>
    public virtual ModulePulse? Pulse => null;

    /// <summary>The claims about failures that it can prove.</summary>
    public virtual IReadOnlyList<Drill> Drills => [];

    /// <summary>What it can measure of itself.</summary>
    public virtual IReadOnlyList<Benchmark> Benchmarks => [];

    /// <summary>Reports settings that are each in range but contradict one another.</summary>
    public virtual IEnumerable<SettingError> Validate(SettingValues settings) => [];

    /// <summary>Adds its services; opens nothing.</summary>
    public virtual void Register(IServiceCollection services, SettingValues settings)
    {
    }

    /// <summary>Opens what it needs, and begins its background work.</summary>
    public virtual Task StartAsync(IServiceProvider services, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends its background work and lets go, within the time that <paramref name="cancellationToken"/> leaves.</summary>
    public virtual Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>How it is, asked while it runs. Answers within a second.</summary>
    public virtual ValueTask<ModuleHealth> CheckHealthAsync(CancellationToken cancellationToken) => new(ModuleHealth.Healthy);
}

/// <summary>The floors of the house, as the picture in ARCHITECTURE.md draws them, from the top.</summary>
public enum ModuleLayer
{
    /// <summary>Where the house meets those who come to it.</summary>
    Edge,

    /// <summary>What the house is for.</summary>
    Services,

    /// <summary>Behind which everything at rest is.</summary>
    Ports,

    /// <summary>What all of it stands on.</summary>
    Foundation,
}

/// <summary>A permission, and what it permits.</summary>
/// <param name="Name"><c>section:action</c>, lower case.</param>
/// <param name="Description">What whoever holds it may do.</param>
public sealed record Scope(string Name, string Description);

/// <summary>What is asked of a module in a protocol of its own, by the names of its metrics: it is shown as requests of HTTP are.</summary>
/// <param name="Asked">What is asked, in a word: <c>Commands</c>.</param>
/// <param name="Counter">The counter of it, as <c>/metrics</c> names it: <c>groundwork_cache_commands_total</c>.</param>
/// <param name="Share">How it goes, where a share says that.</param>
public sealed record ModulePulse(string Asked, string Counter, PulseShare? Share = null);

/// <summary>The share of what a counter counts that has one value of a label.</summary>
/// <param name="Name">What it is the share of, in a word: <c>Found</c>.</param>
/// <param name="Counter">The counter, as <c>/metrics</c> names it.</param>
/// <param name="Label">The label.</param>
/// <param name="Value">Its value in what belongs to the share.</param>
public sealed record PulseShare(string Name, string Counter, string Label, string Value);

/// <summary>How a module is.</summary>
/// <param name="State">In one word.</param>
/// <param name="Detail">What is wrong and what to do; empty when healthy.</param>
public sealed record ModuleHealth(HealthState State, string Detail)
{
    /// <summary>All is well.</summary>
    public static ModuleHealth Healthy { get; } = new(HealthState.Healthy, "");
}

/// <summary>From well to not at all.</summary>
public enum HealthState
{
    /// <summary>All is well.</summary>
    Healthy,

    /// <summary>It serves, but not everything, or not as promised.</summary>
    Degraded,

    /// <summary>It does not serve; the instance is not ready.</summary>
    Unhealthy,
}
