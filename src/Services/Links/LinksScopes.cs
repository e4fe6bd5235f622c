using Groundwork.Ports.Modules;

namespace Groundwork.Links;

/// <summary>What a caller may be permitted to do with links. Following one is public.</summary>
public static class LinksScopes
{
    /// <summary>See links and their statistics.</summary>
    public static readonly Scope Read = new("links:read", "See links and their statistics.");

    /// <summary>Make, change and delete links.</summary>
    public static readonly Scope Write = new("links:write", "Make, change and delete links.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Scope> All { get; } = [Read, Write];
}
