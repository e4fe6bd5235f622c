using Groundwork.Cache.Entries;

namespace Groundwork.Cache.Commands.Connections;

/// <summary>SELECT index.</summary>
internal static class Select
{
    public static void Run(Call call)
    {
        if (!call.TryInteger(1, out var number))
            return;
        if (number is < 0 or >= Keyspace.Databases)
        {
            call.Reply.Error("ERR DB index is out of range"u8);
            return;
        }

        if (number != 0 && call.Engine.Cluster.IsOn)
        {
            call.Reply.Error("ERR SELECT is not allowed in cluster mode"u8);
            return;
        }

        call.Database = call.Client.Database = (int)number;
        call.Reply.Ok();
    }
}
