using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Leases;

/// <summary>SETLEASE key token value [EX | PX | EXAT | PXAT time]; DELLEASE key token: 1, or 0 where the token is not the key's any more.
/// CANCELLEASES group.</summary>
internal static class SetLease
{
    public static void Run(Call call)
    {
        if (!call.TryInteger(2, out var token) || !TryDeadline(call, out var deadline))
            return;
        var key = call.Write(1);
        if (!End(call, key, token))
            return;
        if (deadline >= 0 && deadline <= call.Now)
        {
            key.Clear();
            return;
        }

        key.SetText(call[3], deadline);
        key.Changed();
    }

    public static void Release(Call call)
    {
        if (call.TryInteger(2, out var token))
            End(call, call.Look(1), token);
    }

    /// <summary>
    /// For whoever removes many keys by how their names begin: keys that are not there have leases too, and a lease knows its key by a hash
    /// alone.
    /// </summary>
    public static void CancelGroup(Call call)
    {
        var group = GroupOf(call, 1);
        foreach (var shard in call.Keyspace.Shards)
            KeyEvents.Of(shard).Leases.CancelGroup(group);
        call.Reply.Ok();
    }

    /// <summary>A group by its name, in this database. Two of one hash are as one: of them too many are cancelled.</summary>
    public static ulong GroupOf(Call call, int argument) => call.Keyspace.Shards[0].Index.HashOf(call.Database, call[argument]) | 1;

    private static bool End(Call call, in Key key, long token)
    {
        var held = KeyEvents.Of(key.Shard).Leases.End(key.Found.Hash, token, call.Now);
        call.Reply.Integer(held ? 1 : 0);
        return held;
    }

    private static bool TryDeadline(Call call, out long deadline)
    {
        deadline = -1;
        if (call.Count == 4)
            return true;
        if (call.Count == 6 && Deadlines.IsUnit(call[4], out var unit))
            return Deadlines.TryRead(call, 5, unit, out deadline);
        call.Reply.SyntaxError();
        return false;
    }
}
