using Groundwork.Platform.Settings;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;

namespace Groundwork.Host.Settings;

/// <summary>What a command that needs the settings begins with.</summary>
/// <param name="Modules">A fresh set.</param>
/// <param name="Values">The settings in force.</param>
/// <param name="Unused">Those of modules that are not there yet.</param>
internal sealed record SettingsInForce(IReadOnlyList<Module> Modules, SettingValues Values, IReadOnlyList<WrittenSetting> Unused)
{
    /// <summary>Reads them without judging.</summary>
    public static (IReadOnlyList<Module> Modules, SettingsResult Result) Read(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var modules = ModuleCatalog.Create();
        return (modules, SettingsReader.Read(modules, SettingsSources.Read(settings, Environment.GetEnvironmentVariables())));
    }

    /// <summary>Reads them, or says everything that is wrong with them.</summary>
    /// <returns>Null where something is; the command then ends with <see cref="ExitCode.Misused"/>.</returns>
    public static SettingsInForce? ReadOrReport(IReadOnlyList<KeyValuePair<string, string>> settings, TextWriter error)
    {
        var (modules, result) = Read(settings);
        if (result.Errors.Count == 0)
            return new SettingsInForce(modules, result.Values, result.Unused);

        error.WriteLine(result.Errors.Count == 1 ? "A setting is wrong:" : $"{result.Errors.Count} settings are wrong:");
        foreach (var problem in result.Errors)
            error.WriteLine($"  {Describe(problem)}");
        return null;
    }

    /// <summary>An error in one line.</summary>
    public static string Describe(SettingError error) => $"{error.Name} {error.Problem}. {error.WayOut}";
}
