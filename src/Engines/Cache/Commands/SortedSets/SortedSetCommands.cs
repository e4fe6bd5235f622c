namespace Groundwork.Cache.Commands.SortedSets;

/// <summary>Commands on sorted sets.</summary>
internal static class SortedSetCommands
{
    private const CommandFlags Read = CommandFlags.ReadOnly;
    private const CommandFlags FastRead = CommandFlags.ReadOnly | CommandFlags.Fast;
    private const CommandFlags Grow = CommandFlags.Write | CommandFlags.DenyOom;
    private const CommandFlags Fast = CommandFlags.Write | CommandFlags.Fast;
    private const CommandFlags Waits = CommandFlags.NoScript | CommandFlags.Blocking;
    private static readonly KeyPositions One = KeyPositions.One;

    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All =>
    [
        Of("zadd", -4, Grow | Fast, One, Add.Run, "Gives members scores, on conditions where asked."),
        Of("zincrby", 4, Grow | Fast, One, Add.Increment, "Adds to a member's score."),
        Of("zrem", -3, Fast, One, Remove.Run, "Removes members, and the set with the last of them."),
        Of("zcard", 2, FastRead, One, Scores.Count, "Counts the members of a sorted set."),
        Of("zscore", 3, FastRead, One, Scores.One, "Gives the score of a member."),
        Of("zmscore", -3, FastRead, One, Scores.Many, "Gives the scores of members.", "6.2.0"),
        Of("zrank", 3, FastRead, One, Scores.Rank, "Gives how many members are before one.", "2.0.0"),
        Of("zrevrank", 3, FastRead, One, Scores.ReverseRank, "Gives how many members are behind one.", "2.0.0"),
        Of("zrange", -4, Read, One, Range.Run, "Gives the members of a range of ranks, scores or names."),
        Of("zrangestore", -5, Grow, KeyPositions.Two, Range.RunAndStore, "Stores the members of a range of ranks, scores or names.", "6.2.0") with { ExtraBytes = Range.ExtraBytes },
        Of("zrevrange", -4, Read, One, Range.ByRankReversed, "Gives the members of a range of ranks, the last first."),
        Of("zrangebyscore", -4, Read, One, Range.ByScore, "Gives the members of a range of scores.", "1.0.5"),
        Of("zrevrangebyscore", -4, Read, One, Range.ByScoreReversed, "Gives the members of a range of scores, the last first.", "2.2.0"),
        Of("zrangebylex", -4, Read, One, Range.ByMember, "Gives the members of a range of names, where all scores are equal.", "2.8.9"),
        Of("zrevrangebylex", -4, Read, One, Range.ByMemberReversed, "Gives the members of a range of names, the last first, where all scores are equal.", "2.8.9"),
        Of("zcount", 4, FastRead, One, Intervals.CountByScore, "Counts the members of a range of scores.", "2.0.0"),
        Of("zlexcount", 4, FastRead, One, Intervals.CountByMember, "Counts the members of a range of names, where all scores are equal.", "2.8.9"),
        Of("zremrangebyrank", 4, CommandFlags.Write, One, Intervals.RemoveByRank, "Removes the members of a range of ranks.", "2.0.0"),
        Of("zremrangebyscore", 4, CommandFlags.Write, One, Intervals.RemoveByScore, "Removes the members of a range of scores."),
        Of("zremrangebylex", 4, CommandFlags.Write, One, Intervals.RemoveByMember, "Removes the members of a range of names, where all scores are equal.", "2.8.9"),
        Of("zpopmin", -2, Fast, One, Pop.Least, "Takes the members with the least scores, and gives them.", "5.0.0"),
        Of("zpopmax", -2, Fast, One, Pop.Greatest, "Takes the members with the greatest scores, and gives them.", "5.0.0"),
        Of("zmpop", -4, CommandFlags.Write, KeyPositions.Counted(1), Pop.RunMany, "Takes members off the first of several sorted sets that has some, and gives them.", "7.0.0"),
        Of("bzpopmin", -3, Fast | Waits, KeyPositions.AllButLast, Pop.WaitForLeast, "Takes the member with the least score of the first of several sorted sets that has one; waits for one.", "5.0.0"),
        Of("bzpopmax", -3, Fast | Waits, KeyPositions.AllButLast, Pop.WaitForGreatest, "Takes the member with the greatest score of the first of several sorted sets that has one; waits for one.", "5.0.0"),
        Of("bzmpop", -5, CommandFlags.Write | Waits, KeyPositions.Counted(2), Pop.WaitForMany, "Takes members off the first of several sorted sets that has some; waits for some.", "7.0.0"),
        Of("zrandmember", -2, Read, One, DrawMembers.Run, "Draws members at random.", "6.2.0"),
        Of("zunion", -3, Read, KeyPositions.Counted(1), Combination.Union, "Gives the members of any of several sorted sets.", "6.2.0"),
        Of("zinter", -3, Read, KeyPositions.Counted(1), Combination.Intersection, "Gives the members that several sorted sets have in common.", "6.2.0"),
        Of("zdiff", -3, Read, KeyPositions.Counted(1), Combination.Difference, "Gives the members of a sorted set that others do not have.", "6.2.0"),
        Of("zunionstore", -4, Grow, KeyPositions.FirstAndCounted(2), Combination.UnionAndStore, "Stores the members of any of several sorted sets.", "2.0.0") with { ExtraBytes = Combination.ExtraBytes },
        Of("zinterstore", -4, Grow, KeyPositions.FirstAndCounted(2), Combination.IntersectionAndStore, "Stores the members that several sorted sets have in common.", "2.0.0") with { ExtraBytes = Combination.ExtraBytes },
        Of("zdiffstore", -4, Grow, KeyPositions.FirstAndCounted(2), Combination.DifferenceAndStore, "Stores the members of a sorted set that others do not have.", "6.2.0") with { ExtraBytes = Combination.ExtraBytes },
        Of("zintercard", -3, Read, KeyPositions.Counted(1), Combination.IntersectionCount, "Counts the members that several sorted sets have in common.", "7.0.0"),
        Of("zscan", -3, Read, One, Scan.Run, "Shows the members of a sorted set, some at a time.", "2.8.0"),
    ];

    private static Command Of(
        string name, int arity, CommandFlags flags, KeyPositions keys, Action<Call> run, string summary, string since = "1.2.0") =>
        new(name, arity, flags, keys, run) { Group = "sorted-set", Since = since, Summary = summary };
}
