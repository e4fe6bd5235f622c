namespace Groundwork.Cache.Commands.Server;

/// <summary>FUNCTION FLUSH [ASYNC | SYNC]: there are none, so none are left. Whoever clears a server before using it asks for it.</summary>
internal static class Functions
{
    public static void Flush(Call call)
    {
        if (call.Count == 2 || (call.Count == 3 && (call.Is(2, "async"u8) || call.Is(2, "sync"u8))))
            call.Reply.Ok();
        else
            call.Reply.Error("ERR FUNCTION FLUSH only supports SYNC|ASYNC option"u8);
    }
}
