namespace Groundwork.Host.Commands;

/// <summary>Settings of topics as they are typed: <c>retention.ms=86400000</c>. Pure.</summary>
internal static class SettingPairs
{
    /// <summary>An example of one.</summary>
    public const string Example = "retention.ms=86400000";

    /// <summary>Reads them; of one that is named twice the last holds.</summary>
    /// <param name="pairs">As they were typed.</param>
    /// <param name="wrong">The first that is none.</param>
    public static Dictionary<string, string>? Read(IEnumerable<string> pairs, out string wrong)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        wrong = "";
        foreach (var pair in pairs)
        {
            if (pair.Split('=', 2) is not [{ Length: > 0 } name, var value])
            {
                wrong = pair;
                return null;
            }

            settings[name] = value;
        }

        return settings;
    }
}
