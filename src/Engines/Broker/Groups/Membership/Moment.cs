namespace Groundwork.Broker.Groups.Membership;

/// <summary>An instant, by two clocks.</summary>
/// <param name="Ms">Milliseconds of a clock that only goes forward, from no date in particular: what deadlines are counted in.</param>
/// <param name="UnixMs">Unix milliseconds, which operators may set back: what is written down, and nothing waits for.</param>
internal readonly record struct Moment(long Ms, long UnixMs)
{
    /// <summary>A deadline that does not come.</summary>
    public const long Never = long.MaxValue;
}
