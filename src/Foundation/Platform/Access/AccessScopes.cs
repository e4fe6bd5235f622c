using Groundwork.Ports.Modules;

namespace Groundwork.Platform.Access;

/// <summary>What a caller may be permitted to do with access itself.</summary>
public static class AccessScopes
{
    /// <summary>Keys: see, make, rotate and revoke them.</summary>
    public static readonly Scope Manage = new("access:manage", "See, make, rotate and revoke keys that permit no more than the caller may do.");
}
