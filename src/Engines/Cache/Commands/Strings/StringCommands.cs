namespace Groundwork.Cache.Commands.Strings;

/// <summary>Commands on strings.</summary>
internal static class StringCommands
{
    private const CommandFlags Read = CommandFlags.ReadOnly | CommandFlags.Fast;
    private const CommandFlags Write = CommandFlags.Write | CommandFlags.DenyOom;

    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All =>
    [
        Of("get", 2, Read, KeyPositions.One, Get.Run, "Gives the string of a key."),
        Of("set", -3, Write, KeyPositions.One, Set.Run, "Sets the string of a key, whatever it held, on conditions and for a time where asked."),
        Of("setnx", 3, Write | CommandFlags.Fast, KeyPositions.One, Set.RunIfAbsent, "Sets the string of a key that is not there."),
        Of("setex", 4, Write, KeyPositions.One, Set.RunForSeconds, "Sets the string of a key for some seconds.", "2.0.0"),
        Of("psetex", 4, Write, KeyPositions.One, Set.RunForMilliseconds, "Sets the string of a key for some milliseconds.", "2.6.0"),
        Of("getset", 3, Write | CommandFlags.Fast, KeyPositions.One, Get.RunAndSet, "Sets the string of a key, and gives the one before."),
        Of("getdel", 2, CommandFlags.Write | CommandFlags.Fast, KeyPositions.One, Get.RunAndDelete, "Gives the string of a key, and removes it.", "6.2.0"),
        Of("getex", -2, CommandFlags.Write | CommandFlags.Fast, KeyPositions.One, GetEx.Run, "Gives the string of a key, and sets its time to live.", "6.2.0"),
        Of("mget", -2, Read, KeyPositions.All, MultipleGet.Run, "Gives the strings of several keys."),
        Of("mset", -3, Write, KeyPositions.Pairs, MultipleSet.Run, "Sets the strings of several keys, all of them at once.", "1.0.1"),
        Of("msetnx", -3, Write, KeyPositions.Pairs, MultipleSet.RunIfAbsent, "Sets the strings of several keys if none of them is there.", "1.0.1"),
        Of("append", 3, Write | CommandFlags.Fast, KeyPositions.One, Append.Run, "Appends to the string of a key.", "2.0.0"),
        Of("strlen", 2, Read, KeyPositions.One, Length.Run, "Gives the length of a key's string.", "2.2.0"),
        Of("getrange", 4, CommandFlags.ReadOnly, KeyPositions.One, Range.Get, "Gives a part of a key's string.", "2.4.0"),
        Of("substr", 4, CommandFlags.ReadOnly, KeyPositions.One, Range.Get, "Gives a part of a key's string; an old name of GETRANGE."),
        Of("setrange", 4, Write, KeyPositions.One, Range.Set, "Writes over a part of a key's string, from an offset.", "2.2.0") with { ExtraBytes = Range.ExtraBytes },
        Of("incr", 2, Write | CommandFlags.Fast, KeyPositions.One, Increment.ByOne, "Adds one to a whole number."),
        Of("decr", 2, Write | CommandFlags.Fast, KeyPositions.One, Increment.ByMinusOne, "Takes one from a whole number."),
        Of("incrby", 3, Write | CommandFlags.Fast, KeyPositions.One, Increment.By, "Adds to a whole number."),
        Of("decrby", 3, Write | CommandFlags.Fast, KeyPositions.One, Increment.ByMinus, "Takes from a whole number."),
        Of("incrbyfloat", 3, Write | CommandFlags.Fast, KeyPositions.One, IncrementFloat.Run, "Adds to a number.", "2.6.0"),
        Of("lcs", -3, CommandFlags.ReadOnly, KeyPositions.Two, Lcs.Run, "Finds the longest common subsequence of two strings.", "7.0.0"),
    ];

    private static Command Of(
        string name, int arity, CommandFlags flags, KeyPositions keys, Action<Call> run, string summary, string since = "1.0.0") =>
        new(name, arity, flags, keys, run) { Group = "string", Since = since, Summary = summary };
}
