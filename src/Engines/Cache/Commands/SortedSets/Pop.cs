using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.SortedSets;

/// <summary>
/// ZPOPMIN key [count], ZPOPMAX. BZPOPMIN key [key …] timeout, BZPOPMAX: one member of the first set that has one.
/// ZMPOP numkeys key [key …] MIN | MAX [COUNT count], BZMPOP timeout numkeys …: some.
/// </summary>
internal static class Pop
{
    public static void Least(Call call) => Run(call, greatest: false);

    public static void Greatest(Call call) => Run(call, greatest: true);

    public static void WaitForLeast(Call call) => WaitForOne(call, greatest: false);

    public static void WaitForGreatest(Call call) => WaitForOne(call, greatest: true);

    public static void RunMany(Call call)
    {
        if (TryMany(call, 1, out var greatest, out var keys, out var count) && !TryPopMany(call, 2, keys, greatest, count))
            call.Reply.NullArray();
    }

    public static void WaitForMany(Call call)
    {
        if (!Timeouts.TryRead(call, 1, out var timeout) || !TryMany(call, 2, out var greatest, out var keys, out var count))
            return;
        if (!TryPopMany(call, 3, keys, greatest, count))
            call.Wait(timeout, static reply => reply.NullArray());
    }

    private static void Run(Call call, bool greatest)
    {
        if (call.Count > 3)
        {
            call.Reply.SyntaxError();
            return;
        }

        var count = 1L;
        if (call.Count == 3 && (!IntegerText.TryParse(call[2], out count) || count < 0))
        {
            call.Reply.Error("ERR value is out of range, must be positive"u8);
            return;
        }

        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.SortedSet))
            return;
        count = Math.Min(count, key.SortedSet().Count);

        // Without a count there is no pair of its own, whatever the protocol.
        var paired = call.Count == 3 && call.Reply.Protocol == 3;
        call.Reply.ArrayHeader(paired ? count : count * 2);
        Take(call, ref key, greatest, (uint)count, paired);
    }

    private static void WaitForOne(Call call, bool greatest)
    {
        if (!Timeouts.TryRead(call, call.Count - 1, out var timeout))
            return;
        for (var i = 1; i < call.Count - 1; i++)
        {
            if (!call.TryFindToTake(i, ValueKind.SortedSet, out var key, out var failed))
            {
                if (failed)
                    return;
                continue;
            }

            call.Reply.ArrayHeader(3);
            call.Reply.Bulk(key.Name);
            Take(call, ref key, greatest, 1, paired: false);
            return;
        }

        call.Wait(timeout, static reply => reply.NullArray());
    }

    // False where no set has anything, and there is no answer yet.
    private static bool TryPopMany(Call call, int first, int keys, bool greatest, long count)
    {
        for (var i = first; i < first + keys; i++)
        {
            if (!call.TryFindToTake(i, ValueKind.SortedSet, out var key, out var failed))
            {
                if (failed)
                    return true;
                continue;
            }

            count = Math.Min(count, key.SortedSet().Count);
            call.Reply.ArrayHeader(2);
            call.Reply.Bulk(key.Name);
            call.Reply.ArrayHeader(count);
            Take(call, ref key, greatest, (uint)count, paired: true);
            return true;
        }

        return false;
    }

    // Takes members off an end, as many as are there, and writes them with their scores.
    private static void Take(Call call, ref Key key, bool greatest, uint count, bool paired)
    {
        if (count == 0)
            return;
        key.Event = greatest ? "zpopmax"u8 : "zpopmin"u8;
        var set = key.SortedSet();
        var total = set.Count;
        var cursor = set.From(greatest ? total - 1 : 0);
        for (var left = count; left > 0; left--)
        {
            if (paired)
                call.Reply.ArrayHeader(2);
            call.Reply.Bulk(cursor.Current.Item, set.Chunks);
            call.Reply.Double(cursor.Current.Score);
            if (greatest)
                cursor.MovePrevious();
            else
                cursor.MoveNext();
        }

        key.Cut(greatest ? total - count : 0, count);
    }

    private static bool TryMany(Call call, int countAt, out bool greatest, out int keys, out long count)
    {
        (greatest, count) = (false, 1);
        if (!CountedKeys.TryRead(call, countAt, out keys))
            return false;
        var at = countAt + keys + 1;
        greatest = at < call.Count && call.Is(at, "max"u8);
        if (!greatest && (at >= call.Count || !call.Is(at, "min"u8)))
        {
            call.Reply.SyntaxError();
            return false;
        }

        return CountedKeys.TryCount(call, at + 1, out count);
    }
}
