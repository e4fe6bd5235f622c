namespace Groundwork.Cache.Commands.Transactions;

/// <summary>WATCH key [key …], UNWATCH.</summary>
internal static class Watch
{
    public static void Run(Call call)
    {
        if (call.Client.Transaction.IsOpen)
        {
            call.Reply.Error("ERR WATCH inside MULTI is not allowed"u8);
            return;
        }

        for (var i = 1; i < call.Count; i++)
            call.Client.Watch(call.Look(i));
        call.Reply.Ok();
    }

    public static void Stop(Call call)
    {
        call.Client.Unwatch();
        call.Client.Transaction.ClearSpoiled();
        call.Reply.Ok();
    }
}
