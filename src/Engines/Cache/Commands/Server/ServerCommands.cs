namespace Groundwork.Cache.Commands.Server;

/// <summary>Commands on the server as a whole.</summary>
internal static class ServerCommands
{
    private const CommandFlags Admin = CommandFlags.Admin | CommandFlags.NoScript;

    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All =>
    [
        Of("time", 1, CommandFlags.Fast, Time, "Gives the server's time.", "2.6.0"),
        Of("info", -1, CommandFlags.None, Info.Run, "Says how the server is doing.", "1.0.0"),
        Parent("config", "Commands on settings.", "2.0.0",
        [
            Of("config|get", -3, Admin, Config.Get, "Gives settings in force.", "2.0.0"),
            Of("config|set", -4, Admin | CommandFlags.Secret, Config.Set, "Changes settings, until the server stops.", "2.0.0"),
            Of("config|resetstat", 2, Admin, Config.ResetStatistics, "Begins to count anew.", "2.0.0"),
            Of("config|rewrite", 2, Admin, Config.Rewrite, "Refused: settings are not kept here.", "2.8.0"),
            Of("config|help", 2, CommandFlags.None, static call => Help.Of(call, "config"), "Lists these commands.", "5.0.0"),
        ]),
        Parent("command", "Describes commands.", "2.8.13",
        [
            Of("command|count", 2, CommandFlags.None, CommandInfo.Count, "Counts commands.", "2.8.13"),
            Of("command|info", -2, CommandFlags.None, CommandInfo.Describe, "Describes commands for clients.", "2.8.13"),
            Of("command|docs", -2, CommandFlags.None, CommandInfo.Docs, "Describes commands for people.", "7.0.0"),
            Of("command|list", -2, CommandFlags.None, CommandInfo.List, "Lists commands.", "7.0.0"),
            Of("command|getkeys", -4, CommandFlags.None, CommandKeys.Get, "Finds the keys among a command's arguments.", "2.8.13"),
            Of("command|getkeysandflags", -4, CommandFlags.None, CommandKeys.GetWithFlags, "Finds the keys among a command's arguments, and what it does with them.", "7.0.0"),
            Of("command|help", 2, CommandFlags.None, static call => Help.Of(call, "command"), "Lists these commands.", "5.0.0"),
        ]) with { Arity = -1, Run = CommandInfo.All },
        Parent("slowlog", "Commands on the commands that took long.", "2.2.12",
        [
            Of("slowlog|get", -2, CommandFlags.Admin, SlowLogCommands.Get, "Gives the commands that took long.", "2.2.12"),
            Of("slowlog|len", 2, CommandFlags.Admin, SlowLogCommands.Length, "Counts the commands that took long.", "2.2.12"),
            Of("slowlog|reset", 2, CommandFlags.Admin, SlowLogCommands.Reset, "Forgets the commands that took long.", "2.2.12"),
            Of("slowlog|help", 2, CommandFlags.None, static call => Help.Of(call, "slowlog"), "Lists these commands.", "6.2.0"),
        ]),
        Parent("memory", "Commands on memory.", "4.0.0",
        [
            Of("memory|usage", -3, CommandFlags.ReadOnly, MemoryCommands.Usage, "Says what a key and its value take.", "4.0.0") with { Keys = Second },
            Of("memory|stats", 2, CommandFlags.None, MemoryCommands.Statistics, "Says what the memory is used for.", "4.0.0"),
            Of("memory|doctor", 2, CommandFlags.None, MemoryCommands.Doctor, "Says how full the memory is.", "4.0.0"),
            Of("memory|purge", 2, CommandFlags.AllShards, MemoryCommands.Purge, "Empties sparse pages.", "4.0.0"),
            Of("memory|malloc-stats", 2, CommandFlags.None, MemoryCommands.Allocator, "Describes each shard's memory.", "4.0.0"),
            Of("memory|help", 2, CommandFlags.None, static call => Help.Of(call, "memory"), "Lists these commands.", "4.0.0"),
        ]),
        Parent("latency", "Commands on how long commands take.", "2.8.13",
        [
            Of("latency|histogram", -2, Admin, Latency.Histogram, "Counts how long commands took.", "7.0.0"),
            Of("latency|latest", 2, Admin, Latency.Latest, "Always empty: events are not watched.", "2.8.13"),
            Of("latency|history", 3, Admin, Latency.Latest, "Always empty: events are not watched.", "2.8.13"),
            Of("latency|reset", -2, Admin, Latency.Reset, "Always 0: events are not watched.", "2.8.13"),
            Of("latency|doctor", 2, Admin, Latency.Doctor, "Says where to look.", "2.8.13"),
            Of("latency|help", 2, CommandFlags.None, static call => Help.Of(call, "latency"), "Lists these commands.", "2.8.13"),
        ]),
        Parent("function", "Commands on functions, of which there are none.", "7.0.0",
        [
            Of("function|list", -2, CommandFlags.NoScript, static call => call.Reply.ArrayHeader(0), "Always empty: there are no functions.", "7.0.0"),
            Of("function|flush", -2, CommandFlags.Write | CommandFlags.NoScript, Functions.Flush, "Always OK: there are no functions.", "7.0.0"),
            Of("function|help", 2, CommandFlags.None, static call => Help.Of(call, "function"), "Lists these commands.", "7.0.0"),
        ]),
        Of("monitor", 1, Admin, Monitor.Run, "Shows what all clients ask for.", "1.0.0"),
        Of("debug", -2, Admin, Debug.Run, "For tests, where the settings allow it.", "1.0.0") with { Keys = Second },
        Of("role", 1, CommandFlags.NoScript | CommandFlags.Fast, Replication.Role, "Says whether the server is a master, or whose replica it is.", "2.8.12"),
        Of("wait", 3, CommandFlags.NoScript, Replication.Wait, "Always 0: there are no replicas.", "3.0.0"),
        Of("replicaof", 3, Admin, Replication.Follow, "Refused: this server follows no other.", "5.0.0"),
        Of("slaveof", 3, Admin, Replication.Follow, "Refused: this server follows no other.", "1.0.0"),
        Of("save", 1, Admin | CommandFlags.NoMulti, Replication.Save, "Refused: a cache keeps nothing.", "1.0.0"),
        Of("bgsave", -1, Admin, Replication.Save, "Refused: a cache keeps nothing.", "1.0.0"),
        Of("bgrewriteaof", 1, Admin, Replication.Save, "Refused: a cache keeps nothing.", "1.0.0"),
        Of("shutdown", -1, Admin | CommandFlags.NoMulti, Replication.Shutdown, "Refused: the program is stopped where it was started.", "1.0.0"),
    ];

    private static KeyPositions Second => new(2, 2, 1);

    private static void Time(Call call)
    {
        var now = call.Engine.Time.GetUtcNow();
        call.Reply.ArrayHeader(2);
        call.Reply.BulkInteger(now.ToUnixTimeSeconds());
        call.Reply.BulkInteger(now.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond);
    }

    private static Command Of(string name, int arity, CommandFlags flags, Action<Call> run, string summary, string since) =>
        new(name, arity, flags, KeyPositions.None, run) { Group = "server", Since = since, Summary = summary };

    private static Command Parent(string name, string summary, string since, IReadOnlyList<Command> subcommands) =>
        Of(name, -2, CommandFlags.None, static _ => { }, summary, since) with { Subcommands = subcommands };
}
