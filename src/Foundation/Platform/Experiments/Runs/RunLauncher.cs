using Groundwork.Platform.Experiments.Programs;
using Groundwork.Ports.Database;
using Groundwork.Ports.Settings;

namespace Groundwork.Platform.Experiments.Runs;

/// <summary>Starts this program with the settings of the running instance, but none by which it could reach its data.</summary>
internal static class RunLauncher
{
    /// <summary>The launcher. What the environment says is said again, so that it is the same whatever changes there.</summary>
    public static ProgramLauncher Of(SettingValues settings) => ProgramLauncher.OfThisProgram(
    [
        .. settings.All
            .Where(v => v.IsSet && v.Setting != DatabaseSettings.Connection)
            .Select(v => new KeyValuePair<string, string>(v.Setting.Name, v.Text)),
        new(DatabaseSettings.Connection.Name, ""),
    ]);
}
