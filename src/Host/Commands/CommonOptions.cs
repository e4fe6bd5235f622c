using System.CommandLine;
using Groundwork.Platform.Experiments.Runs;
using Groundwork.Ports.Settings;

namespace Groundwork.Host.Commands;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    /// <summary>Results as JSON.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON." };

    /// <summary>Ends the command with the process that started it; hidden: a running instance's, which starts experiments.</summary>
    public static Option<bool> WithParent() => new(ExperimentRuns.WithParentOption) { Description = "End with the process that started it.", Hidden = true };

    /// <summary>A span of time, written as in the settings.</summary>
    public static Option<TimeSpan?> Duration(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            if (SettingText.TryDuration(result.Tokens[0].Value, out var time) && time > TimeSpan.Zero)
                return time;
            result.AddError($"{name} is a time such as 12h or 30d, not '{result.Tokens[0].Value}'.");
            return null;
        },
    };
}
