using Groundwork.Cache.Entries;
using Groundwork.Cache.Resp;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Cache.Commands.Cluster;

/// <summary>
/// CLUSTER SETMAP epoch …: the whole map, from whoever decides it. With every shard's lock held, so that what was let in under the old
/// map has ended before the new one is acknowledged.
/// </summary>
/// <remarks>
/// A slot's keys are kept by the node that had it before and has it still. Whatever else lies here was written by others since, or
/// will be: nothing is copied between nodes yet, and a cache may forget, but not remember wrongly. They go with the locks held, which
/// takes time for every key.
/// </remarks>
internal static class SetMap
{
    public static void Run(Call call)
    {
        var cluster = call.Engine.Cluster;
        if (!ClusterMapText.TryRead(call, 2, out var map))
            return;
        if (cluster.Map is { } before && map.Epoch <= before.Epoch)
        {
            call.Reply.Error($"STALE epoch {map.Epoch} is not above {before.Epoch}, which is in force");
            return;
        }

        for (var database = 1; database < Keyspace.Databases; database++)
        {
            if (call.Keyspace.Count(database) == 0)
                continue;
            call.Reply.Error("ERR You can't have keys in a DB different than DB 0 when in Cluster mode."u8);
            return;
        }

        RemoveLost(call, cluster.Map, map);
        cluster.Map = map;
        SendAway(call, map);
        call.Reply.Ok();
    }

    private static void RemoveLost(Call call, ClusterMap? before, ClusterMap after)
    {
        var isLost = new bool[KeySlot.Count];
        var any = false;
        for (var slot = 0; slot < isLost.Length; slot++)
            any |= isLost[slot] = !after.IsOwn(slot) || (before is not null && !before.IsOwn(slot));
        if (!any)
            return;
        foreach (var shard in call.Keyspace.Shards)
            SlotKeys.Remove(shard, isLost);
    }

    // Who waits for a key here that is elsewhere now would wait for ever.
    private static void SendAway(Call call, ClusterMap map)
    {
        foreach (var client in call.Engine.Clients.All)
        {
            if (client.Waiter is not { } waiter || waiter.Space != call.Space)
                continue;
            var gate = new SlotGate(map, client);
            gate.Add(waiter.Command, waiter.Arguments);
            var answer = ReplyWriter.InMemory(client.Protocol);
            if (!gate.Admits(waiter.Database, answer))
                client.EndWaitingFor(waiter, answer);
            answer.Clear();
        }
    }
}
