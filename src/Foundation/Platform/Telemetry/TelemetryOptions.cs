using Groundwork.Ports.Settings;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Telemetry;

/// <summary>What an operator sets of telemetry.</summary>
public static class TelemetryOptions
{
    /// <summary>How much is logged.</summary>
    public static readonly Setting<LogLevel> Level = Setting.Choice(
        "Telemetry:LogLevel", LogLevel.Information,
        "The least level that is logged. What the program is built on is logged from warnings on, except with trace.");

    /// <summary>Where traces and logs are sent.</summary>
    public static readonly Setting<Uri?> Otlp = Setting.Url(
        "Telemetry:Otlp",
        "Where traces and logs are sent by OTLP over HTTP, such as http://127.0.0.1:4318/; empty: nowhere, and nothing is traced.");

    /// <summary>How many traces are kept.</summary>
    public static readonly Setting<long> SampledPerThousand = Setting.Integer(
        "Telemetry:SampledPerThousand", 1000, 0, 1000,
        "How many of a thousand requests are traced, where Telemetry:Otlp is set and the caller has not decided already.");

    /// <summary>How much of the log is remembered.</summary>
    public static readonly Setting<long> RecentLogs = Setting.Size(
        "Telemetry:RecentLogs", 4 << 20, 0, 256 << 20,
        "How much memory the last log entries may take that the console shows; those of the last hour at most. 0 remembers none.");

    /// <summary>How many traces the console sees.</summary>
    public static readonly Setting<long> RecentTraces = Setting.Integer(
        "Telemetry:RecentTraces", 5, 0, 100,
        "How many requests a second are traced for the console, while somebody looks at it and not otherwise; 0 traces none.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } = [Level, Otlp, SampledPerThousand, RecentLogs, RecentTraces];
}
