namespace Groundwork.Cache.Commands.Transactions;

/// <summary>Commands that run others together.</summary>
internal static class TransactionCommands
{
    private const CommandFlags Now = CommandFlags.Transaction | CommandFlags.NoScript | CommandFlags.Fast;

    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All =>
    [
        Of("multi", 1, Now, KeyPositions.None, Multi.Open, "Begins to queue commands.", "1.2.0"),
        Of("exec", 1, CommandFlags.Transaction | CommandFlags.NoScript, KeyPositions.None, Exec.Run, "Runs what was queued, and nothing between.", "1.2.0"),
        Of("discard", 1, Now, KeyPositions.None, Multi.Discard, "Forgets what was queued.", "2.0.0"),
        Of("watch", -2, Now, KeyPositions.All, Watch.Run, "Has the next transaction not run if a key is changed before.", "2.2.0"),
        Of("unwatch", 1, CommandFlags.NoScript | CommandFlags.Fast, KeyPositions.None, Watch.Stop, "Watches no key any more.", "2.2.0"),
    ];

    private static Command Of(
        string name, int arity, CommandFlags flags, KeyPositions keys, Action<Call> run, string summary, string since) =>
        new(name, arity, flags, keys, run) { Group = "transactions", Since = since, Summary = summary };
}
