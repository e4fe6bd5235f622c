using System.Collections;
using Groundwork.Ports.Settings;

namespace Groundwork.Platform.Settings;

/// <summary>What operators wrote, before it is understood: name, text and origin, the strongest source last.</summary>
public sealed class SettingsSources
{
    private readonly List<WrittenSetting> _written = [];
    private readonly List<SettingError> _errors = [];

    private SettingsSources()
    {
    }

    /// <summary>In the order of their strength: file, environment, command line.</summary>
    public IReadOnlyList<WrittenSetting> Written => _written;

    /// <summary>What is wrong with the writing itself, whatever the names mean.</summary>
    public IReadOnlyList<SettingError> Errors => _errors;

    /// <summary>Reads the environment, the command line, and the file that one of them names.</summary>
    /// <param name="commandLine">Settings taken out of the command line by <see cref="SettingArguments"/>.</param>
    /// <param name="environment">The environment's variables; those that begin with <c>GROUNDWORK_</c> count.</param>
    public static SettingsSources Read(IEnumerable<KeyValuePair<string, string>> commandLine, IDictionary environment)
    {
        var sources = new SettingsSources();
        var outer = SettingsEnvironment.Read(environment, sources._errors);
        foreach (var (name, value) in commandLine)
            outer.Add(new WrittenSetting(name, value, "command line"));

        var config = outer.LastOrDefault(w => string.Equals(w.Name, ProgramSettings.Config.Name, StringComparison.OrdinalIgnoreCase));
        if (config is null || ProgramSettings.Config.TryParse(config.Text, out _, out _))
            sources.ReadFile(config?.Text ?? ProgramSettings.Config.Default, mustExist: config is not null);
        sources._written.AddRange(outer);
        return sources;
    }

    private void ReadFile(string path, bool mustExist)
    {
        var full = Path.GetFullPath(path);
        var problem = File.Exists(full) ? SettingsFile.Read(full, _written, _errors)
            : mustExist ? "is not there"
            : null;
        if (problem is not null)
            _errors.Add(new SettingError(ProgramSettings.Config.Name, $"names the file {full}, which {problem}", "Mend the file, or set Config to another."));
    }
}

/// <summary>A setting as somebody wrote it. The text may be a secret until the name is known not to be one's.</summary>
public sealed record WrittenSetting(string Name, string Text, string Origin);
