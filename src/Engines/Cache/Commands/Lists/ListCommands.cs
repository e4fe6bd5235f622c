namespace Groundwork.Cache.Commands.Lists;

/// <summary>Commands on lists.</summary>
internal static class ListCommands
{
    private const CommandFlags Slow = CommandFlags.Write | CommandFlags.DenyOom;
    private const CommandFlags Fast = CommandFlags.Write | CommandFlags.Fast;
    private const CommandFlags Waits = CommandFlags.NoScript | CommandFlags.Blocking;
    private static readonly KeyPositions One = KeyPositions.One;

    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All =>
    [
        Of("lpush", -3, Slow | Fast, One, Push.Left, "Adds elements before the first of a list."),
        Of("rpush", -3, Slow | Fast, One, Push.Right, "Adds elements behind the last of a list."),
        Of("lpushx", -3, Slow | Fast, One, Push.LeftIfPresent, "Adds elements before the first of a list that is there.", "2.2.0"),
        Of("rpushx", -3, Slow | Fast, One, Push.RightIfPresent, "Adds elements behind the last of a list that is there.", "2.2.0"),
        Of("lpop", -2, Fast, One, Pop.Left, "Takes the first elements of a list, and gives them."),
        Of("rpop", -2, Fast, One, Pop.Right, "Takes the last elements of a list, and gives them."),
        Of("llen", 2, CommandFlags.ReadOnly | CommandFlags.Fast, One, Read.Length, "Counts the elements of a list."),
        Of("lindex", 3, CommandFlags.ReadOnly, One, Read.At, "Gives the element with an index."),
        Of("lrange", 4, CommandFlags.ReadOnly, One, Read.Range, "Gives the elements of a range of indexes."),
        Of("lset", 4, Slow, One, Change.Set, "Puts another element in the place of the one with an index."),
        Of("linsert", 5, Slow, One, Change.Insert, "Adds an element before or behind another.", "2.2.0"),
        Of("ltrim", 4, CommandFlags.Write, One, Change.Trim, "Takes out all elements but those of a range of indexes."),
        Of("lrem", 4, CommandFlags.Write, One, Remove.Run, "Takes out elements that are equal to one."),
        Of("lpos", -3, CommandFlags.ReadOnly, One, Position.Run, "Gives the indexes of elements that are equal to one.", "6.0.6"),
        Of("lmove", 5, Slow, KeyPositions.Two, Move.Run, "Takes an element off a list's end, gives it, and adds it to an end of a list.", "6.2.0"),
        Of("rpoplpush", 3, Slow, KeyPositions.Two, Move.RunRightToLeft, "Takes the last element of a list, gives it, and adds it before the first of a list.", "1.2.0"),
        Of("lmpop", -4, CommandFlags.Write, KeyPositions.Counted(1), PopAny.RunMany, "Takes elements off the first of several lists that has some, and gives them.", "7.0.0"),
        Of("blpop", -3, CommandFlags.Write | Waits, KeyPositions.AllButLast, PopAny.WaitLeft, "Takes the first element of the first of several lists that has one; waits for one.", "2.0.0"),
        Of("brpop", -3, CommandFlags.Write | Waits, KeyPositions.AllButLast, PopAny.WaitRight, "Takes the last element of the first of several lists that has one; waits for one.", "2.0.0"),
        Of("blmove", 6, Slow | Waits, KeyPositions.Two, Move.Wait, "Moves an element from an end of a list to an end of a list; waits for one.", "6.2.0"),
        Of("brpoplpush", 4, Slow | Waits, KeyPositions.Two, Move.WaitRightToLeft, "Moves the last element of a list before the first of a list; waits for one.", "2.2.0"),
        Of("blmpop", -5, CommandFlags.Write | Waits, KeyPositions.Counted(2), PopAny.WaitForMany, "Takes elements off the first of several lists that has some; waits for some.", "7.0.0"),
    ];

    private static Command Of(
        string name, int arity, CommandFlags flags, KeyPositions keys, Action<Call> run, string summary, string since = "1.0.0") =>
        new(name, arity, flags, keys, run) { Group = "list", Since = since, Summary = summary };
}
