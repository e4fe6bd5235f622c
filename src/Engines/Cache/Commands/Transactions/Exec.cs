namespace Groundwork.Cache.Commands.Transactions;

/// <summary>EXEC: an array of answers; none where a watched key was changed.</summary>
internal static class Exec
{
    public static void Run(Call call)
    {
        var transaction = call.Client.Transaction;
        if (!transaction.IsOpen)
        {
            call.Reply.Error("ERR EXEC without MULTI"u8);
            return;
        }

        if (transaction.IsBroken)
            call.Reply.Error("EXECABORT Transaction discarded because of previous errors."u8);
        else if (transaction.NeedsMemory && call.Keyspace.IsFullForGood)
            call.Reply.Error("EXECABORT Transaction discarded because of: OOM command not allowed when used memory > 'maxmemory'."u8);
        else if (!call.Engine.Runner.RunTransaction(call))
            call.Reply.NullArray();
        call.Client.EndTransaction();
    }
}
