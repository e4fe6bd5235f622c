using System.Net;
using Groundwork.Platform.Hosting;
using Groundwork.Platform.Settings;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Experiments;

/// <summary>
/// What benchmarks and drills are run with: the program's modules, its settings, its clock. Every experiment gets modules,
/// services and a folder of its own; nothing of a running instance is touched, except a database that
/// <c>Database:Connection</c> names.
/// </summary>
/// <param name="Catalog">Makes a fresh set of all modules, in start order.</param>
/// <param name="Settings">The settings in force; the data folder is replaced by the experiment's own.</param>
/// <param name="Time">The clock that measures.</param>
public sealed record ExperimentSetup(Func<IReadOnlyList<Module>> Catalog, SettingValues Settings, TimeProvider Time)
{
    /// <summary>The benchmarks of the modules that run, in start order.</summary>
    public IReadOnlyList<Benchmark> Benchmarks => [.. Running().SelectMany(m => m.Benchmarks)];

    /// <summary>The drills of the modules that run, in start order.</summary>
    public IReadOnlyList<Drill> Drills => [.. Running().SelectMany(m => m.Drills)];

    /// <summary>Arguments that give a program a spare port for whatever it listens on.</summary>
    internal IReadOnlyList<string> SpareListeners =>
        [.. Running().SelectMany(m => m.Settings).OfType<Setting<IPEndPoint>>().Select(s => $"--{s.Name}=127.0.0.1:0")];

    /// <summary>Registers the modules that run for a folder; nothing is started. What they log goes nowhere.</summary>
    /// <param name="folder">Takes the place of the data folder.</param>
    internal ServiceProvider BuildServices(string folder)
    {
        var settings = new SettingValues(
        [
            .. Settings.All.Where(v => v.Setting != ProgramSettings.Data),
            .. SettingValues.Of((ProgramSettings.Data, folder)).All,
        ]);
        var services = new ServiceCollection();
        services.AddLogging();
        ModuleRegistration.Register(services, Running(), settings, Time);
        services.RemoveAll<ILoggerProvider>();
        return services.BuildServiceProvider();
    }

    private IReadOnlyList<Module> Running() => SettingsReader.Running(Catalog(), Settings);
}
