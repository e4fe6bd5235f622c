using System.Text;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Connections;

/// <summary>
/// CLIENT KILL address; CLIENT KILL (ID id | TYPE type | USER name | ADDR address | LADDR address | SKIPME yes/no) …: the first ends
/// one client and answers OK, the second all that every filter fits, and answers how many.
/// </summary>
internal static class ClientKill
{
    public static void Run(Call call)
    {
        if (call.Count == 3)
        {
            RunOld(call);
            return;
        }

        if (!TryFilters(call, out var filter))
            return;
        var count = 0;
        foreach (var client in call.Engine.Clients.All)
        {
            if (!filter(client))
                continue;
            count++;
            End(call, client);
        }

        call.Reply.Integer(count);
    }

    private static void RunOld(Call call)
    {
        var address = Encoding.Latin1.GetString(call[2]);
        if (call.Engine.Clients.All.FirstOrDefault(c => c.Address == address) is not { } client)
        {
            call.Reply.Error("ERR No such client"u8);
            return;
        }

        call.Reply.Ok();
        End(call, client);
    }

    // Whoever ends itself gets its answer before.
    private static void End(Call call, Session client)
    {
        if (client == call.Client)
            client.Connection.CloseAfterReply();
        else
            client.Connection.Close(CloseReason.Killed);
    }

    private static bool TryFilters(Call call, out Predicate<Session> filter)
    {
        Predicate<Session> all = static _ => true;
        filter = all;
        var skipMe = true;
        for (var i = 2; i < call.Count; i += 2)
        {
            if (i + 1 == call.Count)
            {
                call.Reply.SyntaxError();
                return false;
            }

            var value = Encoding.Latin1.GetString(call[i + 1]);
            var before = filter;
            if (call.Is(i, "id"u8))
            {
                if (!IntegerText.TryParse(call[i + 1], out var id) || id < 1)
                {
                    call.Reply.Error("ERR client-id should be greater than 0"u8);
                    return false;
                }

                filter = c => before(c) && c.Connection.Id == id;
            }
            else if (call.Is(i, "type"u8))
            {
                if (!ClientKinds.TryParse(value, out var kind))
                {
                    call.Reply.Error($"ERR Unknown client type '{value}'");
                    return false;
                }

                filter = c => before(c) && ClientKinds.Is(c, kind);
            }
            else if (call.Is(i, "addr"u8))
            {
                filter = c => before(c) && c.Address == value;
            }
            else if (call.Is(i, "laddr"u8))
            {
                filter = c => before(c) && c.LocalAddress == value;
            }
            else if (call.Is(i, "user"u8))
            {
                if (value != "default")
                {
                    call.Reply.Error($"ERR No such user '{value}'");
                    return false;
                }

                filter = c => before(c) && c.IsAuthenticated;
            }
            else if (call.Is(i, "skipme"u8) && (call.Is(i + 1, "yes"u8) || call.Is(i + 1, "no"u8)))
            {
                skipMe = call.Is(i + 1, "yes"u8);
            }
            else
            {
                call.Reply.SyntaxError();
                return false;
            }
        }

        var wanted = filter;
        filter = c => wanted(c) && (!skipMe || c != call.Client);
        return true;
    }
}
