namespace Groundwork.Cache.Commands.Transactions;

/// <summary>MULTI, DISCARD.</summary>
internal static class Multi
{
    public static void Open(Call call)
    {
        if (call.Client.Transaction.IsOpen)
        {
            call.Reply.Error("ERR MULTI calls can not be nested"u8);
            return;
        }

        call.Client.Transaction.Open();
        call.Reply.Ok();
    }

    public static void Discard(Call call)
    {
        if (!call.Client.Transaction.IsOpen)
        {
            call.Reply.Error("ERR DISCARD without MULTI"u8);
            return;
        }

        call.Client.EndTransaction();
        call.Reply.Ok();
    }
}
