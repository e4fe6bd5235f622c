namespace Groundwork.Cache.Commands.Hashes;

/// <summary>Commands on hashes.</summary>
internal static class HashCommands
{
    private const CommandFlags Read = CommandFlags.ReadOnly | CommandFlags.Fast;
    private const CommandFlags ReadMany = CommandFlags.ReadOnly;
    private const CommandFlags Write = CommandFlags.Write | CommandFlags.DenyOom | CommandFlags.Fast;

    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All =>
    [
        Of("hset", -4, Write, SetFields.Run, "Sets fields of a hash, and says how many are new."),
        Of("hmset", -4, Write, SetFields.RunQuietly, "Sets fields of a hash; an old name of HSET."),
        Of("hsetnx", 4, Write, SetFields.RunIfAbsent, "Sets a field of a hash that is not there."),
        Of("hget", 3, Read, Get.Run, "Gives a field's value."),
        Of("hmget", -3, Read, Get.RunMany, "Gives the values of several fields."),
        Of("hgetall", 2, ReadMany, GetAll.Run, "Gives all fields with their values."),
        Of("hkeys", 2, ReadMany, GetAll.RunFields, "Gives all fields."),
        Of("hvals", 2, ReadMany, GetAll.RunValues, "Gives the values of all fields."),
        Of("hlen", 2, Read, Lengths.Count, "Counts the fields of a hash."),
        Of("hexists", 3, Read, Lengths.Exists, "Says whether a field is there."),
        Of("hstrlen", 3, Read, Lengths.OfValue, "Gives the length of a field's value.", "3.2.0"),
        Of("hdel", -3, CommandFlags.Write | CommandFlags.Fast, Remove.Run, "Removes fields, and the hash with the last of them."),
        Of("hincrby", 4, Write, Increment.Run, "Adds to a field that is a whole number."),
        Of("hincrbyfloat", 4, Write, IncrementFloat.Run, "Adds to a field that is a number.", "2.6.0"),
        Of("hrandfield", -2, ReadMany, DrawFields.Run, "Draws fields at random.", "6.2.0"),
        Of("hscan", -3, ReadMany, Scan.Run, "Shows the fields of a hash, some at a time.", "2.8.0"),
    ];

    private static Command Of(string name, int arity, CommandFlags flags, Action<Call> run, string summary, string since = "2.0.0") =>
        new(name, arity, flags, KeyPositions.One, run) { Group = "hash", Since = since, Summary = summary };
}
