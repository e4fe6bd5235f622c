using System.Globalization;
using Groundwork.Cache.Resp;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Cache.Commands.Cluster;

/// <summary>
/// Decides whether a command, or a transaction, is for this node, as Redis Cluster does: its keys are of one slot, and that is the
/// node's own; or the node is a copy, the client said READONLY, and nothing is written.
/// </summary>
/// <remarks>It decides finally with the locks of the keys held, under which the map stays as it is. Slots that are on their way from a node to another are not there yet: what decides between them (ASK, TRYAGAIN) comes here.</remarks>
internal ref struct SlotGate(ClusterMap map, Session client)
{
    private int _slot = -1;
    private bool _writes;
    private bool _isCrossing;

    /// <summary>Whether a command may run here, where there is a cluster; if not, that is the answer.</summary>
    public static bool Admits(Call call)
    {
        if (MapFor(call) is not { } map)
            return true;
        var gate = new SlotGate(map, call.Client);
        gate.Add(call.Command, call.Arguments);
        return gate.Admits(call.Database, call.Reply);
    }

    /// <summary>Whether all that its client has queued may run here, where there is a cluster; if not, that is the answer.</summary>
    public static bool AdmitsQueue(Call call)
    {
        if (MapFor(call) is not { } map)
            return true;
        var gate = new SlotGate(map, call.Client);
        foreach (var (command, arguments) in call.Client.Transaction.Queue)
            gate.Add(command, arguments);
        return gate.Admits(call.Database, call.Reply);
    }

    // Spaces are of this process alone.
    private static ClusterMap? MapFor(Call call) => call.Space == call.Engine.Spaces.Clients ? call.Engine.Cluster.Map : null;

    /// <summary>One of the commands; all of a transaction are for one slot together.</summary>
    public void Add(Command command, Arguments arguments)
    {
        _writes |= command.Is(CommandFlags.Write);
        Span<int> few = stackalloc int[CommandRunner.FewKeys];
        foreach (var place in CommandRunner.Places(command, arguments, few))
        {
            var slot = KeySlot.Of(arguments[place]);
            _isCrossing |= _slot >= 0 && slot != _slot;
            if (_slot < 0)
                _slot = slot;
        }
    }

    /// <summary>Whether it may run here; if not, that is the answer.</summary>
    public readonly bool Admits(int database, ReplyWriter reply)
    {
        if (_slot < 0)
        {
            if (!_writes || !map.Self.IsReplica)
                return true;
            reply.Error("READONLY You can't write against a read only replica."u8);
            return false;
        }

        if (_isCrossing)
        {
            reply.Error("CROSSSLOT Keys in request don't hash to the same slot"u8);
            return false;
        }

        if (!map.IsOwn(_slot) && !(client.ReadsCopies && !_writes && map.IsCopied(_slot)))
        {
            var owner = map.OwnerOf(_slot);
            reply.Error(string.Create(CultureInfo.InvariantCulture, $"MOVED {_slot} {owner.Host}:{owner.Port}"));
            return false;
        }

        // Chosen before there was a cluster.
        if (database == 0)
            return true;
        reply.Error("ERR SELECT is not allowed in cluster mode"u8);
        return false;
    }
}
