using Groundwork.Ports.Modules;

namespace Groundwork.Console;

/// <summary>What a viewer may be permitted to do with the console itself. What its pages show and change asks for its own scopes.</summary>
public static class ConsoleScopes
{
    /// <summary>See the house: modules, health, figures, settings in force.</summary>
    public static readonly Scope View = new("console:view", "See the console: modules, health, figures and settings in force, without secrets.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Scope> All { get; } = [View];
}
