using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;

namespace Groundwork.Console.Shell;

/// <summary>Where everything is: the modules that run with their pages, the areas, and all that the palette finds. Immutable.</summary>
internal sealed class SiteMap
{
    private readonly IReadOnlyList<ConsoleArea> _areas;
    private readonly SettingValues _settings;
    private readonly IServiceProvider _services;

    public SiteMap(IReadOnlyList<ConsoleArea> areas, IReadOnlyList<Module> modules, SettingValues settings, IServiceProvider services) =>
        (_areas, Modules, _settings, _services) = (areas, modules, settings, services);

    /// <summary>The modules that run, in start order.</summary>
    public IReadOnlyList<Module> Modules { get; }

    /// <summary>The areas of the whole house, in the order of the navigation.</summary>
    public IEnumerable<ConsoleArea> Navigation => _areas.Where(a => a.Order is not null).OrderBy(a => a.Order);

    /// <summary>A module that runs, by its name in any case.</summary>
    public Module? Find(string name) => Modules.FirstOrDefault(m => string.Equals(m.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The page of a module: its own, or the generic one.</summary>
    public string AddressOf(Module module) => OwnOf(module)?.Address ?? GenericAddressOf(module);

    /// <summary>What a module is called where people look: as its own page is, where it has one.</summary>
    public string TitleOf(Module module) => OwnOf(module)?.Title ?? module.Name;

    /// <summary>The page of a module for a viewer: its own, unless they may not see it.</summary>
    public string AddressFor(Viewer viewer, Module module) => OwnOf(module) is { Scope: { } scope } && !viewer.May(scope) ? GenericAddressOf(module) : AddressOf(module);

    /// <summary>The area with a module's own pages; null where it has only the generic page.</summary>
    public ConsoleArea? OwnOf(Module module) => _areas.FirstOrDefault(a => a.Module == module.Name);

    /// <summary>The generic page of a module, which each has.</summary>
    public static string GenericAddressOf(Module module) => $"/_/modules/{module.Name}";

    /// <summary>The first steps that can be taken here.</summary>
    public IEnumerable<FirstStep> FirstSteps => _areas.SelectMany(a => a.FirstSteps(_services)).Where(s => s.Module is null || Find(s.Module) is not null);

    /// <summary>All that a viewer can be led to.</summary>
    public IEnumerable<PaletteEntry> PaletteFor(Viewer viewer)
    {
        foreach (var area in _areas.Where(a => (a.Module is null || Find(a.Module) is not null) && (a.Scope is null || viewer.May(a.Scope))))
        {
            if (area.Order is not null || area.Module is not null)
                yield return new PaletteEntry(area.Title, "page", area.Address);
            foreach (var entry in area.PaletteOf(_services))
                yield return entry;
        }

        if (!viewer.May(ConsoleScopes.View))
            yield break;
        foreach (var module in Modules)
            yield return new PaletteEntry(module.Name, "module", GenericAddressOf(module), module.Summary);
        foreach (var value in _settings.All)
            yield return new PaletteEntry(value.Setting.Name, "setting", $"/_/settings?q={Uri.EscapeDataString(value.Setting.Name)}", value.Setting.Description);
    }
}
