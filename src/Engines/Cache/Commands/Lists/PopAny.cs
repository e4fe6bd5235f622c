using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Lists;

/// <summary>
/// BLPOP key [key …] timeout, BRPOP: one element of the first list that has one. LMPOP numkeys key [key …] LEFT | RIGHT
/// [COUNT count], BLMPOP timeout numkeys …: some.
/// </summary>
internal static class PopAny
{
    public static void WaitLeft(Call call) => WaitForOne(call, ListEnd.Left);

    public static void WaitRight(Call call) => WaitForOne(call, ListEnd.Right);

    public static void RunMany(Call call)
    {
        if (TryMany(call, 1, out var end, out var keys, out var count) && !TryPopMany(call, 2, keys, end, count))
            call.Reply.NullArray();
    }

    public static void WaitForMany(Call call)
    {
        if (!Timeouts.TryRead(call, 1, out var timeout) || !TryMany(call, 2, out var end, out var keys, out var count))
            return;
        if (!TryPopMany(call, 3, keys, end, count))
            call.Wait(timeout, static reply => reply.NullArray());
    }

    private static void WaitForOne(Call call, ListEnd end)
    {
        if (!Timeouts.TryRead(call, call.Count - 1, out var timeout))
            return;
        for (var i = 1; i < call.Count - 1; i++)
        {
            if (!call.TryFindToTake(i, ValueKind.List, out var key, out var failed))
            {
                if (failed)
                    return;
                continue;
            }

            call.Reply.ArrayHeader(2);
            call.Reply.Bulk(key.Name);
            key.Pop(call, end, 1);
            return;
        }

        call.Wait(timeout, static reply => reply.NullArray());
    }

    // False where no list has anything, and there is no answer yet.
    private static bool TryPopMany(Call call, int first, int keys, ListEnd end, long count)
    {
        for (var i = first; i < first + keys; i++)
        {
            if (!call.TryFindToTake(i, ValueKind.List, out var key, out var failed))
            {
                if (failed)
                    return true;
                continue;
            }

            count = Math.Min(count, key.List().Count);
            call.Reply.ArrayHeader(2);
            call.Reply.Bulk(key.Name);
            call.Reply.ArrayHeader(count);
            key.Pop(call, end, (uint)count);
            return true;
        }

        return false;
    }

    private static bool TryMany(Call call, int countAt, out ListEnd end, out int keys, out long count)
    {
        (end, count) = (default, 1);
        if (!CountedKeys.TryRead(call, countAt, out keys))
            return false;
        var at = countAt + keys + 1;
        if (at >= call.Count)
        {
            call.Reply.SyntaxError();
            return false;
        }

        return call.TryEnd(at, out end) && CountedKeys.TryCount(call, at + 1, out count);
    }
}
