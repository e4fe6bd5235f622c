namespace Groundwork.Cache.Commands.Leases;

/// <summary>Commands of ours on who loads a key (docs/systems/cache.md, "Spaces and leases").</summary>
internal static class LeaseCommands
{
    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All =>
    [
        Of("getlease", -2, CommandFlags.ReadOnly | CommandFlags.Fast, GetLease.Run, "Gives the string of a key, and says whether to load it."),
        Of("setlease", -4, CommandFlags.Write | CommandFlags.DenyOom, SetLease.Run, "Sets the string of a key for the holder of its lease.") with
        {
            Event = EventNames.Of("set"),
        },
        Of("dellease", 3, CommandFlags.Write | CommandFlags.Fast, SetLease.Release, "Gives a lease back that will not be used."),
        Of("cancelleases", 2, CommandFlags.Write | CommandFlags.AllShards, SetLease.CancelGroup, "Cancels all leases of a group.") with
        {
            Keys = KeyPositions.None,
        },
    ];

    private static Command Of(string name, int arity, CommandFlags flags, Action<Call> run, string summary) =>
        new(name, arity, flags, KeyPositions.One, run) { Group = "string", Since = "7.0.0", Summary = summary };
}
