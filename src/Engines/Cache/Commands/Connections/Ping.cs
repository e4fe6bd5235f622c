using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Connections;

/// <summary>PING [message], ECHO message, QUIT.</summary>
internal static class Ping
{
    public static void Run(Call call)
    {
        if (call.Count > 2)
            call.Reply.WrongArity("ping");
        else if (call.Client.Protocol == 2 && call.Client.Subscriptions.Any)
            Push(call);
        else if (call.Count == 2)
            call.Reply.Bulk(call[1]);
        else
            call.Reply.Pong();
    }

    // Where messages come, answers look like them.
    private static void Push(Call call)
    {
        call.Reply.ArrayHeader(2);
        call.Reply.Bulk("pong"u8);
        call.Reply.Bulk(call.Count == 2 ? call[1] : default);
    }

    public static void Echo(Call call) => call.Reply.Bulk(call[1]);

    public static void Quit(Call call)
    {
        call.Reply.Ok();
        call.Client.Leave();
    }
}
