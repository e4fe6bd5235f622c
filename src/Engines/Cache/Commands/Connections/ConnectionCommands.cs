namespace Groundwork.Cache.Commands.Connections;

/// <summary>Commands on the connection itself.</summary>
internal static class ConnectionCommands
{
    private const CommandFlags Free = CommandFlags.Fast | CommandFlags.NoAuth | CommandFlags.NoScript;

    // At once, whatever the connection is in the middle of.
    private const CommandFlags Always = CommandFlags.Transaction | CommandFlags.WhileSubscribed;

    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All =>
    [
        Of("ping", -1, CommandFlags.Fast | CommandFlags.WhileSubscribed, Ping.Run, "Answers PONG, or what it is given."),
        Of("echo", 2, CommandFlags.Fast, Ping.Echo, "Answers what it is given."),
        Of("select", 2, CommandFlags.Fast, Select.Run, "Chooses a database."),
        Of("auth", -2, Free | CommandFlags.Secret, Auth.Run, "Says who the client is."),
        Of("hello", -1, Free | CommandFlags.Secret, Hello.Run, "Chooses the version of the protocol, and says who the client is.", "6.0.0"),
        Of("quit", -1, Free | Always, Ping.Quit, "Ends the connection."),
        Of("reset", 1, Free | Always, Reset.Run, "Forgets all that the connection is in the middle of.", "6.2.0"),
        ClientCommands.All,
    ];

    private static Command Of(string name, int arity, CommandFlags flags, Action<Call> run, string summary, string since = "1.0.0") =>
        new(name, arity, flags, KeyPositions.None, run) { Group = "connection", Since = since, Summary = summary };
}
