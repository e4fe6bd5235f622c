namespace Groundwork.Primitives.Limiting;

/// <summary>What token bucket, GCRA and leaky bucket have in common: a level of units from which a take is paid.</summary>
internal static class Bucket
{
    /// <summary>The decision at a level, and the level after it.</summary>
    /// <param name="level">0 to the limit's capacity.</param>
    public static LimitDecision Decide(in Limit limit, long level, long cost, out long left)
    {
        var isPossible = cost <= limit.MaxCost;
        left = isPossible ? level - (cost * limit.Unit) : -1;
        if (left >= 0)
            return new LimitDecision(true, left / limit.Unit, 0, limit.TimeOf(limit.Capacity - left), 0);

        var retryAfter = isPossible ? limit.TimeOf(-left) : LimitDecision.Never;
        left = level;
        return new LimitDecision(false, level / limit.Unit, retryAfter, limit.TimeOf(limit.Capacity - level), 0);
    }
}
