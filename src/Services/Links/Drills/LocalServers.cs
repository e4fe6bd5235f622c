using Groundwork.Ports.Experiments;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Links.Drills;

/// <summary>Finds a database that a drill may break.</summary>
internal static class LocalServers
{
    /// <summary>Why there is none on this machine; null where there is.</summary>
    /// <param name="services">The drill's.</param>
    /// <param name="servers">What starts them.</param>
    public static string? MissingServers(this IServiceProvider services, out ILocalDatabaseServers servers)
    {
        servers = services.GetRequiredService<ILocalDatabaseServers>();
        return OperatingSystem.IsLinux() ? servers.Missing : $"{servers.Engine} is killed and hung by means of Linux's /proc, and this is another system.";
    }
}
