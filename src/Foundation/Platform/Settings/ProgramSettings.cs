using Groundwork.Ports.Settings;

namespace Groundwork.Platform.Settings;

/// <summary>The settings of the program itself, which belong to no module.</summary>
public static class ProgramSettings
{
    /// <summary>Where everything is kept.</summary>
    public static readonly Setting<string> Data = Setting.Path(
        "Data", "./groundwork-data", "a folder that this user may write",
        "The data folder: databases, the control socket and the lock that keeps a second instance out.");

    /// <summary>The file of settings.</summary>
    public static readonly Setting<string> Config = Setting.Path(
        "Config", "./groundwork.json", "a path",
        "The file of settings, JSON with comments; it may be absent unless this setting names it.");

    /// <summary>Which modules run.</summary>
    public static readonly Setting<IReadOnlyList<string>> Modules = Setting.List(
        "Modules", "all", "all, or names of modules",
        "Which modules run, by name and with commas between; those that others stand on always run.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } = [Data, Config, Modules];

    /// <summary>
    /// The sections of every module there will be. A setting in the section of one that isn't there yet is accepted and said
    /// to be unused, so that one file of settings serves several versions.
    /// </summary>
    public static IReadOnlyList<string> ReservedSections { get; } =
    [
        "Http", "Cache", "Broker", "Objects", "Metrics", "Database", "Cluster", "Access", "Telemetry", "Links", "Notifications",
        "Payments", "Chat", "Feed", "Crawler", "Places", "RateLimits", "Gateway", "Planning", "Console",
    ];
}
