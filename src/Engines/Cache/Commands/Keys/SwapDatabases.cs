using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Keys;

/// <summary>SWAPDB first second: takes time for every key of both, since a key's place depends on its database.</summary>
internal static class SwapDatabases
{
    public static void Run(Call call)
    {
        if (call.Engine.Cluster.IsOn)
        {
            call.Reply.Error("ERR SWAPDB is not allowed in cluster mode"u8);
            return;
        }

        if (!IntegerText.TryParse(call[1], out var first))
        {
            call.Reply.Error("ERR invalid first DB index"u8);
            return;
        }

        if (!IntegerText.TryParse(call[2], out var second))
        {
            call.Reply.Error("ERR invalid second DB index"u8);
            return;
        }

        if (first < 0 || first >= call.Space.Databases || second < 0 || second >= call.Space.Databases)
        {
            call.Reply.Error("ERR DB index is out of range"u8);
            return;
        }

        if (first != second)
        {
            foreach (var shard in call.Keyspace.Shards)
            {
                KeyEvents.Of(shard).Swapping((int)first, (int)second, call.Now);
                shard.Swap((int)first, (int)second);
            }
        }

        call.Reply.Ok();
    }
}
