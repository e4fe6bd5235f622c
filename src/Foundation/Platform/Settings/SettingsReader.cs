using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Groundwork.Primitives;

namespace Groundwork.Platform.Settings;

/// <summary>Settings as understood: the values in force, or everything that is wrong with them, at once.</summary>
/// <param name="Values">The values in force; where one is wrong, its default stands in.</param>
/// <param name="Errors">All that is wrong.</param>
/// <param name="Unused">Settings of modules that are not there yet, accepted.</param>
public sealed record SettingsResult(SettingValues Values, IReadOnlyList<SettingError> Errors, IReadOnlyList<WrittenSetting> Unused);

/// <summary>Understands what operators wrote, in the light of what the modules declare.</summary>
public static class SettingsReader
{
    /// <summary>Every setting there is, in the order in which they are shown.</summary>
    public static IReadOnlyList<Setting> Catalog(IEnumerable<Module> modules) =>
        [.. ProgramSettings.All, .. modules.SelectMany(m => m.Settings)];

    /// <summary>Reads, checks each against its range and all against one another.</summary>
    public static SettingsResult Read(IReadOnlyList<Module> modules, SettingsSources sources)
    {
        var catalog = Catalog(modules);
        var byName = catalog.ToDictionary(s => s.Name, StringComparer.OrdinalIgnoreCase);
        var values = catalog.ToDictionary(s => s, Default);
        var errors = new List<SettingError>(sources.Errors);
        var unused = new List<WrittenSetting>();

        foreach (var written in sources.Written)
        {
            if (byName.TryGetValue(written.Name, out var setting))
            {
                if (setting.TryParse(written.Text, out var value, out var error))
                    values[setting] = new SettingValue(setting, value, written.Text, written.Origin);
                else
                    errors.Add(new SettingError(setting.Name, Refusal(setting, error, written), "Leave it out for its default" + ShownDefault(setting) + "."));
            }
            else if (IsOfAbsentModule(written.Name, catalog))
            {
                unused.Add(written);
            }
            else
            {
                errors.Add(Unknown(written, byName.Keys));
            }
        }

        var result = new SettingValues(values.Values);
        errors.AddRange(UnknownModules(modules, result));
        var torn = errors.Select(e => e.Name.Split(':')[0]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var module in Running(modules, result))
        {
            // Where a default stands in for a value that is wrong, what it contradicts would only mislead.
            if (!torn.Contains(module.Name))
                errors.AddRange(module.Validate(result));
        }

        return new SettingsResult(result, errors, unused);
    }

    /// <summary>The modules that <c>Modules</c> chooses, and those that others stand on; in the order given.</summary>
    public static IReadOnlyList<Module> Running(IReadOnlyList<Module> modules, SettingValues settings)
    {
        var chosen = settings.Get(ProgramSettings.Modules);
        return chosen.Contains("all", StringComparer.OrdinalIgnoreCase)
            ? modules
            : [.. modules.Where(m => m.IsFoundation || chosen.Contains(m.Name, StringComparer.OrdinalIgnoreCase))];
    }

    private static SettingValue Default(Setting setting) =>
        new(setting, setting.DefaultValue, setting.DefaultText, SettingValue.DefaultOrigin);

    private static string Refusal(Setting setting, string error, WrittenSetting written) =>
        setting.IsSecret ? $"(from {written.Origin}) is not {setting.Range}" : $"(from {written.Origin}) {error}";

    private static string ShownDefault(Setting setting) => setting.DefaultText.Length == 0 ? "" : $", {setting.DefaultText}";

    private static bool IsOfAbsentModule(string name, IReadOnlyList<Setting> catalog)
    {
        var section = name.Split(':')[0];
        return ProgramSettings.ReservedSections.Contains(section, StringComparer.OrdinalIgnoreCase)
            && !catalog.Any(s => string.Equals(s.Section, section, StringComparison.OrdinalIgnoreCase));
    }

    private static SettingError Unknown(WrittenSetting written, IEnumerable<string> names)
    {
        // Section:Name:0, as an array's items are called elsewhere.
        var list = written.Name.LastIndexOf(':') is var at and > 0 && int.TryParse(written.Name.AsSpan(at + 1), out _)
            ? written.Name[..at]
            : null;
        if (list is not null && names.FirstOrDefault(n => string.Equals(n, list, StringComparison.OrdinalIgnoreCase)) is { } known)
            return new SettingError(known, $"(from {written.Origin}) is written as an array", "Write it as one string, with commas between its items.");

        var nearest = EditDistance.Nearest(written.Name, names);
        return new SettingError(
            written.Name,
            $"(from {written.Origin}) is not a setting",
            nearest is null ? "See `groundwork settings` for those that are." : $"Did you mean {nearest}?");
    }

    private static IEnumerable<SettingError> UnknownModules(IReadOnlyList<Module> modules, SettingValues values)
    {
        var names = modules.Where(m => !m.IsFoundation).Select(m => m.Name).ToList();
        foreach (var name in values.Get(ProgramSettings.Modules))
        {
            if (!string.Equals(name, "all", StringComparison.OrdinalIgnoreCase)
                && !modules.Any(m => string.Equals(m.Name, name, StringComparison.OrdinalIgnoreCase)))
            {
                var nearest = EditDistance.Nearest(name, names);
                yield return new SettingError(
                    ProgramSettings.Modules.Name,
                    $"names '{name}', which is not a module",
                    nearest is null ? $"Write all, or some of {string.Join(", ", names)}." : $"Did you mean {nearest}?");
            }
        }
    }
}
