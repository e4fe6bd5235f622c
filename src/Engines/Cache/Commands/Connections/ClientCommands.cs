using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Connections;

/// <summary>CLIENT and what it chooses from.</summary>
internal static class ClientCommands
{
    private const CommandFlags Own = CommandFlags.NoScript;
    private const CommandFlags Others = CommandFlags.Admin | CommandFlags.NoScript;

    /// <summary>CLIENT.</summary>
    public static Command All => new("client", -2, CommandFlags.None, KeyPositions.None, static _ => { })
    {
        Group = "connection",
        Since = "2.4.0",
        Summary = "Commands on clients.",
        Subcommands =
        [
            Of("getname", 2, Own, ClientName.Get, "Gives the connection's name.", "2.6.9"),
            Of("setname", 3, Own, ClientName.Set, "Names the connection.", "2.6.9"),
            Of("id", 2, Own, ClientName.Id, "Gives the connection's number.", "5.0.0"),
            Of("info", 2, Own, ClientList.RunOwn, "Describes the connection.", "6.2.0"),
            Of("list", -2, Others, ClientList.Run, "Describes all connections, or some.", "2.4.0"),
            Of("kill", -3, Others, ClientKill.Run, "Ends connections.", "2.4.0"),
            Of("reply", 3, Own, ClientReply.Run, "Chooses whether commands are answered.", "3.2.0"),
            Of("pause", -3, Others, ClientWaits.Pause, "Has clients wait for a time.", "3.0.0"),
            Of("unpause", 2, Others | CommandFlags.NoMulti, ClientWaits.Unpause, "Ends the waiting that CLIENT PAUSE began.", "6.2.0"),
            Of("unblock", -3, Others | CommandFlags.NoMulti, ClientWaits.Unblock, "Ends the waiting of a client.", "5.0.0"),
            Of("no-evict", 3, Others, NoEvict, "Chooses whether the connection may be closed for want of memory.", "7.0.0"),
            Of("tracking", -3, Own, ClientTracking.Run, "Chooses whether the connection is told when keys that it has read change.", "6.0.0"),
            Of("caching", 3, Own, ClientTracking.Caching, "Says whether the keys of the next command are tracked.", "6.0.0"),
            Of("getredir", 2, Own, ClientTracking.Redirect, "Says which client is told in this one's place; 0: itself; -1: tracking is off.", "6.0.0"),
            Of("trackinginfo", 2, Own, ClientTracking.Describe, "Says what is tracked for the connection.", "6.2.0"),
            Of("help", 2, CommandFlags.None, static call => Help.Of(call, "client"), "Lists these commands.", "5.0.0"),
        ],
    };

    // Connections that take much memory are closed by their own limits; nobody is closed for others' sake unless that is set.
    private static void NoEvict(Call call)
    {
        if (call.Is(2, "off"u8))
            call.Reply.Ok();
        else if (call.Is(2, "on"u8))
            call.Reply.Error("ERR CLIENT NO-EVICT ON is not supported: a connection's own limits hold for all clients"u8);
        else
            call.Reply.SyntaxError();
    }

    private static Command Of(string name, int arity, CommandFlags flags, Action<Call> run, string summary, string since) =>
        new("client|" + name, arity, flags, KeyPositions.None, run) { Group = "connection", Since = since, Summary = summary };
}
