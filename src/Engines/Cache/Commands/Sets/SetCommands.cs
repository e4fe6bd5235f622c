namespace Groundwork.Cache.Commands.Sets;

/// <summary>Commands on sets.</summary>
internal static class SetCommands
{
    private const CommandFlags Read = CommandFlags.ReadOnly | CommandFlags.Fast;
    private const CommandFlags ReadMany = CommandFlags.ReadOnly;
    private const CommandFlags Write = CommandFlags.Write | CommandFlags.Fast;
    private const CommandFlags Store = CommandFlags.Write | CommandFlags.DenyOom;

    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All =>
    [
        Of("sadd", -3, Write | CommandFlags.DenyOom, KeyPositions.One, Add.Run, "Adds members to a set, and says how many are new."),
        Of("srem", -3, Write, KeyPositions.One, Remove.Run, "Removes members, and the set with the last of them."),
        Of("smembers", 2, ReadMany, KeyPositions.One, Members.Run, "Gives all members."),
        Of("sismember", 3, Read, KeyPositions.One, Members.Contains, "Says whether a member is there."),
        Of("smismember", -3, Read, KeyPositions.One, Members.ContainsEach, "Says which of several members are there.", "6.2.0"),
        Of("scard", 2, Read, KeyPositions.One, Members.Count, "Counts the members."),
        Of("spop", -2, Write, KeyPositions.One, Pop.Run, "Draws members at random, and removes them."),
        Of("srandmember", -2, ReadMany, KeyPositions.One, DrawMembers.Run, "Draws members at random."),
        Of("smove", 4, Write, KeyPositions.Two, Move.Run, "Moves a member from one set to another."),
        Of("sinter", -2, ReadMany, KeyPositions.All, Intersection.Run, "Gives the members that all sets have."),
        Of("sintercard", -3, ReadMany, KeyPositions.Counted(1), Intersection.Count, "Counts the members that all sets have.", "7.0.0"),
        Of("sinterstore", -3, Store, KeyPositions.All, Intersection.RunAndStore, "Makes a set of the members that all sets have.") with { ExtraBytes = Intersection.ExtraBytes },
        Of("sunion", -2, ReadMany, KeyPositions.All, Union.Run, "Gives the members that any of the sets has."),
        Of("sunionstore", -3, Store, KeyPositions.All, Union.RunAndStore, "Makes a set of the members that any of the sets has.") with { ExtraBytes = Union.ExtraBytes },
        Of("sdiff", -2, ReadMany, KeyPositions.All, Difference.Run, "Gives the members that only the first of the sets has."),
        Of("sdiffstore", -3, Store, KeyPositions.All, Difference.RunAndStore, "Makes a set of the members that only the first of the sets has.") with { ExtraBytes = Difference.ExtraBytes },
        Of("sscan", -3, ReadMany, KeyPositions.One, Scan.Run, "Shows the members of a set, some at a time.", "2.8.0"),
    ];

    private static Command Of(
        string name, int arity, CommandFlags flags, KeyPositions keys, Action<Call> run, string summary, string since = "1.0.0") =>
        new(name, arity, flags, keys, run) { Group = "set", Since = since, Summary = summary };
}
