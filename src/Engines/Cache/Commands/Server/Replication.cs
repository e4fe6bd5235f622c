using System.Text;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Server;

/// <summary>
/// ROLE; WAIT: no replica gets anything yet. REPLICAOF, SAVE, BGSAVE, SHUTDOWN: refused, for a cache keeps nothing, and the program is
/// stopped where it was started.
/// </summary>
internal static class Replication
{
    public static void Role(Call call)
    {
        if (call.Engine.Cluster.Map is { Self: { IsReplica: true } self } map)
        {
            var primary = map.Nodes.First(n => n.Id == self.PrimaryId);
            call.Reply.ArrayHeader(5);
            call.Reply.Bulk("slave"u8);
            call.Reply.Bulk(Encoding.ASCII.GetBytes(primary.Host));
            call.Reply.Integer(primary.Port);
            call.Reply.Bulk("connect"u8);
            call.Reply.Integer(-1);
            return;
        }

        call.Reply.ArrayHeader(3);
        call.Reply.Bulk("master"u8);
        call.Reply.Integer(0);
        call.Reply.ArrayHeader(0);
    }

    public static void Wait(Call call)
    {
        if (!call.TryInteger(1, out _) || !call.TryInteger(2, out var timeout))
            return;
        if (timeout < 0)
            call.Reply.NegativeTimeout();
        else
            call.Reply.Integer(0);
    }

    public static void Follow(Call call)
    {
        if (call.Is(1, "no"u8) && call.Is(2, "one"u8))
            call.Reply.Ok();
        else
            call.Reply.Error("ERR REPLICAOF is not supported: this server follows no other"u8);
    }

    public static void Save(Call call) =>
        call.Reply.Error("ERR nothing is saved: this is a cache, its keys are gone when it stops"u8);

    public static void Shutdown(Call call) =>
        call.Reply.Error("ERR SHUTDOWN is not supported: stop the program where it was started"u8);
}
