namespace Groundwork.Platform.Settings;

/// <summary>
/// Separates the settings on a command line (<c>--Section:Name=value</c>, <c>--Section:Name value</c>, <c>--Data=folder</c>)
/// from the command's own words, which the command-line library then sees alone.
/// </summary>
public static class SettingArguments
{
    /// <summary>What ends the settings: everything after it is the command's own.</summary>
    private const string End = "--";

    /// <summary>Takes the settings out.</summary>
    /// <returns>The settings in order, and what is left, in order. A name whose value is missing has the value "".</returns>
    public static (IReadOnlyList<KeyValuePair<string, string>> Settings, string[] Words) Split(IReadOnlyList<string> arguments)
    {
        var settings = new List<KeyValuePair<string, string>>();
        var words = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument == End)
            {
                words.AddRange(arguments.Skip(i));
                break;
            }

            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..(equals < 0 ? argument.Length : equals)] : "";
            if (!IsSetting(name))
                words.Add(argument);
            else if (equals >= 0)
                settings.Add(new(name, argument[(equals + 1)..]));
            else if (i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal))
                settings.Add(new(name, arguments[++i]));
            else
                settings.Add(new(name, ""));
        }

        return (settings, [.. words]);
    }

    private static bool IsSetting(string name) =>
        name.Contains(':', StringComparison.Ordinal)
        || ProgramSettings.All.Any(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase));
}
