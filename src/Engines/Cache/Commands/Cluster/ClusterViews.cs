using System.Globalization;
using System.Text;
using Groundwork.Cache.Resp;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Cache.Commands.Cluster;

/// <summary>
/// The map as clients read it: CLUSTER INFO, NODES, SLOTS, SHARDS. Nodes do not watch one another here: what Redis would say of links and
/// failures is that all is well, and whoever gives out the maps leaves out a node that is not.
/// </summary>
internal static class ClusterViews
{
    public static void Info(Call call, ClusterMap map)
    {
        var text = new StringBuilder();
        Line("cluster_state", "ok");
        Line("cluster_slots_assigned", KeySlot.Count);
        Line("cluster_slots_ok", KeySlot.Count);
        Line("cluster_slots_pfail", 0);
        Line("cluster_slots_fail", 0);
        Line("cluster_known_nodes", map.Nodes.Count);
        Line("cluster_size", map.Nodes.Count(n => n.Slots.Count > 0));
        Line("cluster_current_epoch", map.Epoch);
        Line("cluster_my_epoch", map.Epoch);
        Line("cluster_stats_messages_sent", 0);
        Line("cluster_stats_messages_received", 0);
        Line("total_cluster_links_buffer_limit_exceeded", 0);
        call.Reply.Verbatim("txt"u8, Encoding.ASCII.GetBytes(text.ToString()));

        void Line(string name, object value) => text.Append(CultureInfo.InvariantCulture, $"{name}:{value}\r\n");
    }

    public static void Nodes(Call call, ClusterMap map)
    {
        var text = new StringBuilder();
        foreach (var node in map.Nodes)
        {
            var flags = (node == map.Self ? "myself," : "") + (node.IsReplica ? "slave" : "master");
            text.Append(
                CultureInfo.InvariantCulture,
                $"{node.Id} {node.Host}:{node.Port}@0 {flags} {node.PrimaryId ?? "-"} 0 0 {map.Epoch} connected");
            foreach (var range in node.Slots)
                text.Append(' ').Append(range);
            text.Append('\n');
        }

        call.Reply.Verbatim("txt"u8, Encoding.ASCII.GetBytes(text.ToString()));
    }

    public static void Slots(Call call, ClusterMap map)
    {
        var reply = call.Reply;
        var runs = map.Runs().ToList();
        var replicas = map.Nodes.ToLookup(n => n.PrimaryId);
        reply.ArrayHeader(runs.Count);
        foreach (var (range, owner) in runs)
        {
            var copies = replicas[owner.Id].ToList();
            reply.ArrayHeader(3 + copies.Count);
            reply.Integer(range.First);
            reply.Integer(range.Last);
            Address(reply, owner);
            foreach (var copy in copies)
                Address(reply, copy);
        }
    }

    public static void Shards(Call call, ClusterMap map)
    {
        var reply = call.Reply;
        var primaries = map.Nodes.Where(n => !n.IsReplica).ToList();
        reply.ArrayHeader(primaries.Count);
        foreach (var primary in primaries)
        {
            reply.MapHeader(2);
            reply.Bulk("slots"u8);
            reply.ArrayHeader(primary.Slots.Count * 2L);
            foreach (var range in primary.Slots)
            {
                reply.Integer(range.First);
                reply.Integer(range.Last);
            }

            List<ClusterNode> nodes = [primary, .. map.ReplicasOf(primary)];
            reply.Bulk("nodes"u8);
            reply.ArrayHeader(nodes.Count);
            foreach (var node in nodes)
                Describe(reply, node);
        }
    }

    private static void Address(ReplyWriter reply, ClusterNode node)
    {
        reply.ArrayHeader(4);
        reply.Bulk(Encoding.ASCII.GetBytes(node.Host));
        reply.Integer(node.Port);
        reply.Bulk(Encoding.ASCII.GetBytes(node.Id));
        reply.MapHeader(0);
    }

    private static void Describe(ReplyWriter reply, ClusterNode node)
    {
        reply.MapHeader(7);
        Text("id"u8, node.Id);
        reply.Bulk("port"u8);
        reply.Integer(node.Port);
        Text("ip"u8, node.Host);
        Text("endpoint"u8, node.Host);
        Text("role"u8, node.IsReplica ? "replica" : "master");
        reply.Bulk("replication-offset"u8);
        reply.Integer(0);
        Text("health"u8, "online");

        void Text(ReadOnlySpan<byte> name, string value)
        {
            reply.Bulk(name);
            reply.Bulk(Encoding.ASCII.GetBytes(value));
        }
    }
}
