using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Connections;

/// <summary>CLIENT REPLY ON | OFF | SKIP.</summary>
internal static class ClientReply
{
    public static void Run(Call call)
    {
        if (call.Is(2, "on"u8))
        {
            call.Client.Replies = ReplyMode.All;
            call.Reply.Ok();
        }
        else if (call.Is(2, "off"u8))
        {
            call.Client.Replies = ReplyMode.None;
        }
        else if (call.Is(2, "skip"u8))
        {
            // Where nothing is answered, there is nothing to skip.
            if (call.Client.Replies != ReplyMode.None)
                call.Client.Replies = ReplyMode.SkipNext;
        }
        else
        {
            call.Reply.SyntaxError();
        }
    }
}
