using Groundwork.Ports.Modules;

namespace Groundwork.Platform.Telemetry;

/// <summary>What a caller may be permitted to do with telemetry.</summary>
public static class TelemetryScopes
{
    /// <summary>See metrics, logs and traces.</summary>
    public static readonly Scope Read = new("telemetry:read", "See metrics, logs and traces.");
}
