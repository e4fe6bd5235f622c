using Groundwork.Platform.Data;
using Groundwork.Platform.Data.Backup;
using Groundwork.Platform.Settings;
using Groundwork.Ports.Files;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Hosting;

/// <summary>What an instance and an experiment share: the services of the modules that run.</summary>
internal static class ModuleRegistration
{
    /// <summary>Registers the running modules; nothing is opened.</summary>
    public static void Register(IServiceCollection services, IReadOnlyList<Module> running, SettingValues settings, TimeProvider time)
    {
        var folder = Path.GetFullPath(settings.Get(ProgramSettings.Data));
        services.AddSingleton(new InstancePaths(folder));
        services.AddSingleton(_ => RestoreMarker.Read(folder));
        services.AddSingleton(time);
        services.AddSingleton(settings);
        services.AddSingleton(running);
        foreach (var module in running)
        {
            if (module.Schema is { } schema)
                services.AddKeyedSingleton(schema.Name, (provider, _) => provider.GetRequiredService<OpenDatabases>()[schema.Name]);
            module.Register(services, settings);
        }
    }
}
