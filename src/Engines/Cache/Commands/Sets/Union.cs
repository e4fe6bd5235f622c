using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Sets;

/// <summary>SUNION key [key …], SUNIONSTORE destination key [key …].</summary>
internal static class Union
{
    public static void Run(Call call)
    {
        using var result = new SetBuilder(call.Keyspace.ShardOf(call[1]));
        if (TryUnite(call, 1, result))
            call.Reply.Set(result);
    }

    public static void RunAndStore(Call call)
    {
        using var result = new SetBuilder(call.Keyspace.ShardOf(call[1]));
        if (TryUnite(call, 2, result))
            call.Store(result);
    }

    /// <summary>No more than all sets together.</summary>
    public static long ExtraBytes(Call call)
    {
        var bytes = 0L;
        for (var i = 2; i < call.Count; i++)
            bytes += call.BytesOfSet(i);
        return bytes;
    }

    private static bool TryUnite(Call call, int first, SetBuilder result)
    {
        var isRead = SetOperands.TryRead(call, first, call.Count, out var operands);
        using (operands)
        {
            if (!isRead)
                return false;
            foreach (ref readonly var set in operands.Sets)
                result.AddAll(set);

            return true;
        }
    }
}
