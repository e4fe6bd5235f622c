using Groundwork.Console.Design;
using Groundwork.Platform.Telemetry.Recent;
using Groundwork.Ports.Modules;

namespace Groundwork.Console.Pages.Home;

/// <summary>How much is asked of a module now and over the last minutes, and how that goes: what its room shows. Immutable.</summary>
/// <param name="Asked">What is asked of it: <c>Requests</c>.</param>
/// <param name="PerSecond">How much of it now.</param>
/// <param name="Points">How much over the last minutes.</param>
/// <param name="Facts">How it goes.</param>
internal sealed record RoomPulse(string Asked, double PerSecond, IReadOnlyList<double?> Points, IReadOnlyList<RoomFact> Facts)
{
    /// <summary>By its requests of HTTP.</summary>
    public static RoomPulse Of(Signals signals) => new(
        "Requests", signals.Latest.RequestsPerSecond, Pulse.Requests(signals),
        [new("p99", Format.Duration(signals.Latest.P99)), new("Errors", Format.Rate(signals.Latest.ErrorsPerSecond), signals.Latest.ErrorsPerSecond > 0)]);

    /// <summary>By a protocol of its own.</summary>
    public static RoomPulse Of(ModulePulse pulse, RecentMetrics metrics)
    {
        var seen = new ProtocolPulse(metrics, pulse);
        return new(pulse.Asked, seen.Now, seen.Points, pulse.Share is { } share ? [new(share.Name, Format.Percent(seen.ShareNow))] : []);
    }
}

/// <summary>Something that a room says of its module.</summary>
/// <param name="Name">What.</param>
/// <param name="Value">How much, as it is written.</param>
/// <param name="IsBad">Whether it is a trouble.</param>
internal sealed record RoomFact(string Name, string Value, bool IsBad = false);
