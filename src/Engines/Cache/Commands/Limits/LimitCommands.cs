namespace Groundwork.Cache.Commands.Limits;

/// <summary>Commands that limit rates: ours (docs/systems/rate-limits.md, "Stores"), and redis-cell's.</summary>
internal static class LimitCommands
{
    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All =>
    [
        Of("limit", -2, CommandFlags.None, KeyPositions.None, static _ => { }, "Counts limits in the space of limits.") with
        {
            Subcommands =
            [
                Of("limit|take", -8, CommandFlags.Write | CommandFlags.Fast, KeyPositions.None, LimitCalls.Take, "Takes from all limits, or from none."),
                Of("limit|peek", -8, CommandFlags.ReadOnly | CommandFlags.Fast, KeyPositions.None, LimitCalls.Peek, "Says what a take would give."),
                Of("limit|exit", 9, CommandFlags.Write | CommandFlags.Fast, KeyPositions.None, LimitCalls.Exit, "Gives back what a holder has."),
                Of("limit|reset", 8, CommandFlags.Write | CommandFlags.Fast, KeyPositions.None, LimitCalls.Reset, "Forgets what was taken."),
                Of("limit|help", 2, CommandFlags.None, KeyPositions.None, static call => Help.Of(call, "limit"), "Lists these commands."),
            ],
        },
        Of("cl.throttle", -5, CommandFlags.Write | CommandFlags.DenyOom | CommandFlags.Fast, KeyPositions.One, Throttle.Run, "Takes from a key's limit, as redis-cell does."),
    ];

    private static Command Of(string name, int arity, CommandFlags flags, KeyPositions keys, Action<Call> run, string summary) =>
        new(name, arity, flags, keys, run) { Group = "string", Since = "7.0.0", Summary = summary };
}
