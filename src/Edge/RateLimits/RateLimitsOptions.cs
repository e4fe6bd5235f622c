using Groundwork.Ports.Settings;

namespace Groundwork.RateLimits;

/// <summary>What an operator sets of RateLimits.</summary>
internal sealed record RateLimitsOptions(string Policies, long Memory)
{
    /// <summary>The name of the setting that names the file of policies.</summary>
    public const string PoliciesName = "RateLimits:Policies";

    private static readonly Setting<string> PoliciesSetting = Setting.Text(
        PoliciesName, "", "a path of a JSON file, or empty",
        "The file that says who may ask how much (docs/systems/rate-limits.md has its members); read again when it changes. Without it nobody is limited.");

    private static readonly Setting<long> MemorySetting = Setting.Size(
        "RateLimits:Memory", 16L << 20, 1L << 20, 1L << 40,
        "How much memory keys and their counts may take where they are kept in this process: about 70 bytes a key. Nobody leaves for others: when "
        + "it is full, further keys count as if the store were down.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } = [PoliciesSetting, MemorySetting];

    public static RateLimitsOptions From(SettingValues settings) => new(
        settings.Get(PoliciesSetting) is { Length: > 0 } file ? Path.GetFullPath(file) : "",
        settings.Get(MemorySetting));
}
