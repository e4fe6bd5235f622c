using System.Collections;
using Groundwork.Ports.Settings;

namespace Groundwork.Platform.Settings;

/// <summary>Reads settings out of the environment: <c>GROUNDWORK_SECTION__NAME</c>, in whatever case.</summary>
internal static class SettingsEnvironment
{
    private const string Prefix = "GROUNDWORK_";

    /// <summary>The settings, by name.</summary>
    public static List<WrittenSetting> Read(IDictionary environment, List<SettingError> errors)
    {
        var found = new SortedDictionary<string, WrittenSetting>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry variable in environment)
        {
            var key = (string)variable.Key;
            if (!key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || IsServiceDiscovery(key[Prefix.Length..]))
                continue;

            var written = new WrittenSetting(
                key[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal), (string?)variable.Value ?? "", key);
            if (found.TryAdd(written.Name, written))
                continue;

            // The environment has no order, so that neither is the stronger.
            var other = found[written.Name];
            if (other.Text != written.Text)
            {
                var (first, second) = string.CompareOrdinal(other.Origin, key) < 0 ? (other.Origin, key) : (key, other.Origin);
                errors.Add(new SettingError(written.Name, $"is set twice, by {first} and by {second}", "Unset one of the two."));
            }
        }

        return [.. found.Values];
    }

    // Kubernetes tells every container where a service named `groundwork` is, in variables of these names.
    private static bool IsServiceDiscovery(string name) =>
        name.StartsWith("SERVICE_HOST", StringComparison.Ordinal)
        || name.StartsWith("SERVICE_PORT", StringComparison.Ordinal)
        || name == "PORT"
        || name.StartsWith("PORT_", StringComparison.Ordinal);
}
