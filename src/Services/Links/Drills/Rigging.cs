using Groundwork.Ports.Database;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Links.Drills;

/// <summary>What drills put in the place of services of a program that they start.</summary>
internal static class Rigging
{
    /// <summary>Puts something before the module's database.</summary>
    public static void WrapDatabase(this IServiceCollection services, Func<IDatabase, IDatabase> wrap)
    {
        var real = services.Last(s => s.ServiceType == typeof(IDatabase) && Equals(s.ServiceKey, LinkStore.SchemaName));
        services.Remove(real);
        services.AddKeyedSingleton(LinkStore.SchemaName, (provider, key) => wrap((IDatabase)real.KeyedImplementationFactory!(provider, key)));
    }

    /// <summary>Lets every redirect ask the database.</summary>
    public static void ForgetRedirects(this IServiceCollection services)
    {
        services.Remove(services.Last(s => s.ServiceType == typeof(RedirectCache)));
        services.AddSingleton<RedirectCache, ForgetfulRedirects>();
    }
}
