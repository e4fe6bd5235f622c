using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Connections;

/// <summary>SELECT index, SELECT name: a database of the clients' own, or a space that a module has opened.</summary>
internal static class Select
{
    public static void Run(Call call)
    {
        if (IntegerText.TryParse(call[1], out var number))
        {
            var clients = call.Engine.Spaces.Clients;
            if (number < 0 || number >= clients.Databases)
                call.Reply.Error("ERR DB index is out of range"u8);
            else if (MayMove(call, clients))
                Move(call, clients, (int)number);
        }
        else if (call.Engine.Spaces.Find(call[1]) is not { } space)
        {
            call.Reply.Error("ERR value is not an integer or out of range, nor the name of a space"u8);
        }
        else if (MayMove(call, space))
        {
            Move(call, space, 0);
        }
    }

    private static void Move(Call call, Space space, int database)
    {
        if (database != 0 && call.Engine.Cluster.IsOn)
        {
            call.Reply.Error("ERR SELECT is not allowed in cluster mode"u8);
            return;
        }

        call.Client.Select(space, database);
        call.Reply.Ok();
    }

    // The locks of a transaction are those of one space, and so are the keys that it watches.
    private static bool MayMove(Call call, Space space)
    {
        if (space == call.Space)
            return true;
        if (call.InTransaction)
            call.Reply.Error("ERR SELECT of another space inside MULTI is not allowed"u8);
        else if (call.Client.Transaction.Watched.Count > 0)
            call.Reply.Error("ERR SELECT of another space is not allowed while keys are watched; UNWATCH them first"u8);
        else
            return true;
        return false;
    }
}
