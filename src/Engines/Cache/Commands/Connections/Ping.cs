using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Connections;

/// <summary>PING [message], ECHO message, QUIT.</summary>
internal static class Ping
{
    public static void Run(Call call)
    {
        if (call.Count > 2)
            call.Reply.WrongArity("ping");
        else if (call.Count == 2)
            call.Reply.Bulk(call[1]);
        else
            call.Reply.Pong();
    }

    public static void Echo(Call call) => call.Reply.Bulk(call[1]);

    public static void Quit(Call call)
    {
        call.Reply.Ok();
        call.Client.Connection.CloseAfterReply();
    }
}
