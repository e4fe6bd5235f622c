using System.Text;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Cache.Commands.Cluster;

/// <summary>CLUSTER and what it chooses from; READONLY, READWRITE, ASKING.</summary>
internal static class ClusterCommands
{
    private const CommandFlags Admin = CommandFlags.Admin | CommandFlags.NoScript | CommandFlags.NoMulti | CommandFlags.AllShards;
    private const CommandFlags Fast = CommandFlags.Fast;

    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All =>
    [
        Of("cluster", -2, CommandFlags.None, static _ => { }, "Commands on the cluster that the server is a node of.") with
        {
            Subcommands =
            [
                Of("cluster|setmap", -5, Admin, OfClients(SetMap.Run), "Says which node has which slot: EPOCH MYID id (NODE id host:port [SLOTS ranges | REPLICAOF id]) ...; ours, not Redis'.", "7.0.0"),
                Of("cluster|info", 2, CommandFlags.None, With(ClusterViews.Info), "Says how the cluster is doing."),
                Of("cluster|nodes", 2, CommandFlags.None, With(ClusterViews.Nodes), "Describes the nodes, a line each."),
                Of("cluster|slots", 2, CommandFlags.None, With(ClusterViews.Slots), "Says which nodes have which slots."),
                Of("cluster|shards", 2, CommandFlags.None, With(ClusterViews.Shards), "Describes primaries with their slots and replicas.", "7.0.0"),
                Of("cluster|myid", 2, CommandFlags.None, With(static (call, map) => call.Reply.Bulk(Encoding.ASCII.GetBytes(map.Self.Id))), "Gives this node's id."),
                Of("cluster|keyslot", 3, CommandFlags.None, With(static (call, _) => call.Reply.Integer(KeySlot.Of(call[2]))), "Gives the slot of a key."),
                Of("cluster|countkeysinslot", 3, CommandFlags.AllShards, OfClients(With(CountKeys)), "Counts the keys of a slot."),
                Of("cluster|getkeysinslot", 4, CommandFlags.AllShards, OfClients(With(GetKeys)), "Gives some keys of a slot."),
                Of("cluster|help", 2, CommandFlags.None, static call => Help.Of(call, "cluster"), "Lists these commands.", "5.0.0"),
            ],
        },
        Of("readonly", 1, Fast, With(static (call, _) => Reads(call, copies: true)), "Lets the connection read from a replica what may be out of date."),
        Of("readwrite", 1, Fast, With(static (call, _) => Reads(call, copies: false)), "Has the connection's reads go to the primary."),
        Of("asking", 1, Fast, With(static (call, _) => call.Reply.Ok()), "Announces a command that another node sent here: no slot is on its way yet, so it is taken as any other."),
    ];

    private static void Reads(Call call, bool copies)
    {
        call.Client.ReadsCopies = copies;
        call.Reply.Ok();
    }

    private static void CountKeys(Call call, ClusterMap map)
    {
        if (!call.TryInteger(2, out var slot))
            return;
        if (slot is < 0 or >= KeySlot.Count)
            call.Reply.Error("ERR Invalid slot"u8);
        else
            call.Reply.Integer(SlotKeys.Count(call.Keyspace.ShardOf((int)slot), (int)slot));
    }

    private static void GetKeys(Call call, ClusterMap map)
    {
        if (!call.TryInteger(2, out var slot) || !call.TryInteger(3, out var most))
            return;
        if (slot is < 0 or >= KeySlot.Count || most < 0)
        {
            call.Reply.Error("ERR Invalid slot or number of keys"u8);
            return;
        }

        var keys = SlotKeys.Some(call.Keyspace.ShardOf((int)slot), (int)slot, (int)Math.Min(most, int.MaxValue));
        call.Reply.ArrayHeader(keys.Count);
        foreach (var key in keys)
            call.Reply.Bulk(key);
    }

    // The locks that are held are those of the space that the client is in.
    private static Action<Call> OfClients(Action<Call> run) => call =>
    {
        if (call.Space == call.Engine.Spaces.Clients)
            run(call);
        else
            call.Reply.Error("ERR A space has no slots; SELECT 0 first"u8);
    };

    // Where there is no cluster, all answer as a Redis server that is not a node.
    private static Action<Call> With(Action<Call, ClusterMap> run) => call =>
    {
        if (call.Engine.Cluster.Map is { } map)
            run(call, map);
        else
            call.Reply.Error("ERR This instance has cluster support disabled"u8);
    };

    private static Command Of(string name, int arity, CommandFlags flags, Action<Call> run, string summary, string since = "3.0.0") =>
        new(name, arity, flags, KeyPositions.None, run) { Group = "cluster", Since = since, Summary = summary };
}
