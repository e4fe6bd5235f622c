using System.Text;

namespace Groundwork.Cache.Commands.Connections;

/// <summary>CLIENT GETNAME, CLIENT SETNAME name, CLIENT ID.</summary>
internal static class ClientName
{
    public static void Get(Call call)
    {
        if (call.Client.Name.Length == 0)
            call.Reply.Null();
        else
            call.Reply.Bulk(Encoding.Latin1.GetBytes(call.Client.Name));
    }

    public static void Set(Call call)
    {
        if (!TryRead(call, 2, out var name))
            return;
        call.Client.Name = name;
        call.Reply.Ok();
    }

    public static void Id(Call call) => call.Reply.Integer(call.Client.Connection.Id);

    /// <summary>Reads a client's name; if it is none, that is the answer.</summary>
    public static bool TryRead(Call call, int argument, out string name)
    {
        name = Encoding.Latin1.GetString(call[argument]);
        if (name.All(c => c is >= '!' and <= '~'))
            return true;
        call.Reply.Error("ERR Client names cannot contain spaces, newlines or special characters."u8);
        return false;
    }
}
