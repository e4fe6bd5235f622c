namespace Groundwork.Cache.Commands.Keys;

/// <summary>Commands on keys of any kind.</summary>
internal static class KeyCommands
{
    private const CommandFlags Read = CommandFlags.ReadOnly | CommandFlags.Fast;
    private const CommandFlags Write = CommandFlags.Write | CommandFlags.Fast;

    private static KeyPositions Second => new(2, 2, 1);

    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All =>
    [
        Of("del", -2, CommandFlags.Write, KeyPositions.All, Remove.Run, "Removes keys."),
        Of("unlink", -2, Write, KeyPositions.All, Remove.Run, "Removes keys.", "4.0.0"),
        Of("exists", -2, Read, KeyPositions.All, Exists.Run, "Counts which of the keys are there."),
        Of("touch", -2, Read, KeyPositions.All, Exists.Run, "Counts which of the keys are there, and as a use of them.", "3.2.1"),
        Of("type", 2, Read, KeyPositions.One, TypeOf.Run, "Says what kind of value a key holds."),
        Of("expire", -3, Write, KeyPositions.One, Expire.InSeconds, "Sets a key's time to live in seconds."),
        Of("pexpire", -3, Write, KeyPositions.One, Expire.InMilliseconds, "Sets a key's time to live in milliseconds.", "2.6.0"),
        Of("expireat", -3, Write, KeyPositions.One, Expire.AtSeconds, "Sets when a key expires, in Unix seconds.", "1.2.0"),
        Of("pexpireat", -3, Write, KeyPositions.One, Expire.AtMilliseconds, "Sets when a key expires, in Unix milliseconds.", "2.6.0"),
        Of("persist", 2, Write, KeyPositions.One, Expire.Never, "Takes a key's time to live away.", "2.2.0"),
        Of("ttl", 2, Read, KeyPositions.One, TimeToLive.InSeconds, "Gives a key's time to live in seconds."),
        Of("pttl", 2, Read, KeyPositions.One, TimeToLive.InMilliseconds, "Gives a key's time to live in milliseconds.", "2.6.0"),
        Of("expiretime", 2, Read, KeyPositions.One, TimeToLive.AtSeconds, "Says when a key expires, in Unix seconds.", "7.0.0"),
        Of("pexpiretime", 2, Read, KeyPositions.One, TimeToLive.AtMilliseconds, "Says when a key expires, in Unix milliseconds.", "7.0.0"),
        Of("scan", -2, CommandFlags.ReadOnly | CommandFlags.AllShards, KeyPositions.None, Scan.Run, "Shows the keys of a database, some at a time.", "2.8.0"),
        Of("keys", 2, CommandFlags.ReadOnly | CommandFlags.AllShards, KeyPositions.None, Scan.RunAll, "Shows all keys that match a pattern."),
        Of("dbsize", 1, Read, KeyPositions.None, Flush.Count, "Counts the keys of a database."),
        Of("rename", 3, CommandFlags.Write, KeyPositions.Two, Rename.Run, "Gives a key's value to another key, whatever that held.") with { ExtraBytes = Rename.ExtraBytes },
        Of("renamenx", 3, Write, KeyPositions.Two, Rename.RunIfNone, "Gives a key's value to a key that is not there.") with { ExtraBytes = Rename.ExtraBytes },
        Of("copy", -3, CommandFlags.Write | CommandFlags.DenyOom, KeyPositions.Two, Rename.Copy, "Copies a key's value to another key.", "6.2.0") with { ExtraBytes = Rename.ExtraBytes },
        Of("move", 3, Write, KeyPositions.One, Rename.ToDatabase, "Gives a key's value to the same key of another database.") with { ExtraBytes = Rename.ExtraBytes },
        Of("randomkey", 1, CommandFlags.ReadOnly | CommandFlags.AllShards, KeyPositions.None, RandomKey.Run, "Gives any key of a database."),
        Of("swapdb", 3, CommandFlags.Write | CommandFlags.AllShards, KeyPositions.None, SwapDatabases.Run, "Exchanges two databases.", "4.0.0"),
        Of("dump", 2, CommandFlags.ReadOnly, KeyPositions.One, DumpCommand.Run, "Gives a key's value in the form of Redis' dumps.", "2.6.0"),
        Of("restore", -4, CommandFlags.Write | CommandFlags.DenyOom, KeyPositions.One, Restore.Run, "Makes a key of a dump.", "2.6.0") with { ExtraBytes = Restore.ExtraBytes },
        Of("sort", -2, CommandFlags.Write | CommandFlags.DenyOom | CommandFlags.AllShards, KeyPositions.OneAndStore, Sort.Run, "Sorts the elements of a list, set or sorted set, and stores them where that is asked for.") with { ExtraBytes = Sort.ExtraBytes },
        Of("sort_ro", -2, CommandFlags.ReadOnly | CommandFlags.AllShards, KeyPositions.One, Sort.RunReadOnly, "Sorts the elements of a list, set or sorted set.", "7.0.0"),
        Of("object", -2, CommandFlags.None, KeyPositions.None, static _ => { }, "Commands on how values are kept.", "2.2.3") with
        {
            Subcommands =
            [
                Of("object|encoding", 3, CommandFlags.ReadOnly, Second, ObjectCommands.Encoding, "Says how a value is kept.", "2.2.3"),
                Of("object|freq", 3, CommandFlags.ReadOnly, Second, ObjectCommands.Frequency, "Says how often a key is used.", "4.0.0"),
                Of("object|idletime", 3, CommandFlags.ReadOnly, Second, ObjectCommands.IdleTime, "Says for how many seconds a key was not used.", "2.2.3"),
                Of("object|refcount", 3, CommandFlags.ReadOnly, Second, ObjectCommands.References, "Always 1: no two keys share a value.", "2.2.3"),
                Of("object|help", 2, CommandFlags.None, KeyPositions.None, static call => Help.Of(call, "object"), "Lists these commands.", "6.2.0"),
            ],
        },
        Of("flushdb", -1, CommandFlags.Write | CommandFlags.AllShards, KeyPositions.None, Flush.RunOne, "Removes all keys of a database."),
        Of("flushall", -1, CommandFlags.Write | CommandFlags.AllShards, KeyPositions.None, Flush.RunAll, "Removes all keys of all databases."),
    ];

    private static Command Of(
        string name, int arity, CommandFlags flags, KeyPositions keys, Action<Call> run, string summary, string since = "1.0.0") =>
        new(name, arity, flags, keys, run) { Group = "generic", Since = since, Summary = summary };
}
