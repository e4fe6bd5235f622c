using Groundwork.Primitives.Limiting;
using Unit = Groundwork.RateLimits.Envoy.Messages.RateLimitResponse.Types.RateLimit.Types.Unit;

namespace Groundwork.RateLimits.Envoy;

/// <summary>Envoy's units of time; a month is 30 days there, and a year 365.</summary>
internal static class LimitUnits
{
    private static readonly (Unit Unit, TimeSpan Period)[] All =
    [
        (Unit.Second, TimeSpan.FromSeconds(1)), (Unit.Minute, TimeSpan.FromMinutes(1)), (Unit.Hour, TimeSpan.FromHours(1)),
        (Unit.Day, TimeSpan.FromDays(1)), (Unit.Month, TimeSpan.FromDays(30)), (Unit.Year, TimeSpan.FromDays(365)),
    ];

    /// <summary>How long a unit is; null for one that nobody knows.</summary>
    public static TimeSpan? PeriodOf(Unit unit)
    {
        foreach (var known in All)
        {
            if (known.Unit == unit)
                return known.Period;
        }

        return null;
    }

    /// <summary>The unit of a limit; unknown for a period that is none, with which Envoy names no window in its headers.</summary>
    public static Unit Of(in Limit limit)
    {
        foreach (var known in All)
        {
            if (known.Period.Ticks == limit.Period * TimeSpan.TicksPerMicrosecond)
                return known.Unit;
        }

        return Unit.Unknown;
    }
}
