using Groundwork.Ports.Settings;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Telemetry;

/// <summary>What is logged, by category.</summary>
internal static class LogLevels
{
    // What the program is built on; it tells of every request and connection at the level of information.
    private static readonly string[] Beneath = ["Microsoft", "System", "OpenTelemetry"];

    // Where it is enabled at any level, the server opens an activity for every request. Our own pipeline logs what fails.
    private const string RequestCategory = "Microsoft.AspNetCore.Hosting.Diagnostics";

    // A start that fails is told by whoever asked for it, in one line and with the way out.
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    public static void Apply(ILoggingBuilder logging, SettingValues settings)
    {
        var level = settings.Get(TelemetryOptions.Level);
        logging.SetMinimumLevel(level);
        if (level == LogLevel.Trace)
            return;
        foreach (var category in Beneath)
            logging.AddFilter(category, level > LogLevel.Warning ? level : LogLevel.Warning);
        logging.AddFilter(RequestCategory, LogLevel.None);
        logging.AddFilter(HostCategory, LogLevel.None);
    }
}
