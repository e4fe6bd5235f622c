
namespace Groundwork.Cache.Commands.Lists;

/// <summary>LLEN key; LINDEX key index; LRANGE key start stop (negative: from the end; both included).</summary>
internal static class Read
{
    public static void Length(Call call)
    {
        if (call.TryReadList(out var list))
            call.Reply.Integer(list.Count);
    }

    public static void At(Call call)
    {
        if (!call.TryReadList(out var list))
            return;
        if (list.Count == 0)
        {
            call.Reply.Null();
            return;
        }

        if (!call.TryInteger(2, out var index))
            return;
        if (index < 0)
            index += list.Count;
        if ((ulong)index < list.Count)
            call.Reply.Bulk(list[(uint)index], list.Chunks);
        else
            call.Reply.Null();
    }

    public static void Range(Call call)
    {
        if (!call.TryInteger(2, out var start) || !call.TryInteger(3, out var stop) || !call.TryReadList(out var list))
            return;
        var count = IndexRange.Clamp(ref start, stop, list.Count);
        call.Reply.ArrayHeader(count);
        if (count == 0)
            return;
        var cursor = list.From((uint)start);
        for (; count > 0; count--)
        {
            call.Reply.Bulk(cursor.Current.Item, list.Chunks);
            cursor.MoveNext();
        }
    }
}
