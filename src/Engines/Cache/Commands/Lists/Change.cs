using Groundwork.Cache.Packed;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Lists;

/// <summary>LSET key index element; LINSERT key BEFORE | AFTER pivot element; LTRIM key start stop.</summary>
internal static class Change
{
    public static void Set(Call call)
    {
        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.List))
            return;
        if (!key.Exists)
        {
            call.Reply.NoSuchKey();
            return;
        }

        if (!call.TryInteger(2, out var index))
            return;
        var count = key.List().Count;
        if (index < 0)
            index += count;
        if ((ulong)index >= count)
        {
            call.Reply.IndexOutOfRange();
            return;
        }

        ListValue.Set(key.Shard, ref key.Found, (uint)index, call[3]);
        key.Changed();
        call.Reply.Ok();
    }

    public static void Insert(Call call)
    {
        var after = call.Is(2, "after"u8);
        if (!after && !call.Is(2, "before"u8))
        {
            call.Reply.SyntaxError();
            return;
        }

        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.List))
            return;
        if (!key.Exists)
        {
            call.Reply.Integer(0);
            return;
        }

        var list = key.List();
        var index = Find(list, new ItemText(call[3]));
        if (index < 0)
        {
            call.Reply.Integer(-1);
            return;
        }

        ListValue.Insert(key.Shard, ref key.Found, (uint)index + (after ? 1u : 0), call[4]);
        key.Changed();
        call.Reply.Integer(key.List().Count);
    }

    public static void Trim(Call call)
    {
        if (!call.TryInteger(2, out var start) || !call.TryInteger(3, out var stop))
            return;
        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.List))
            return;
        call.Reply.Ok();
        if (!key.Exists)
            return;
        var before = key.List().Count;
        var kept = (uint)IndexRange.Clamp(ref start, stop, before);
        if (kept == 0)
        {
            key.Remove();
            return;
        }

        var behind = before - (uint)start - kept;
        if (behind > 0)
            ListValue.RemoveRange(key.Shard, ref key.Found, before - behind, behind);
        if (start > 0)
            ListValue.RemoveRange(key.Shard, ref key.Found, 0, (uint)start);
        key.Changed();
    }

    private static long Find(in ListView list, in ItemText text)
    {
        var cursor = list.From(0);
        for (var index = 0L; index < list.Count; index++)
        {
            if (cursor.Current.Item.Is(text, list.Chunks))
                return index;
            cursor.MoveNext();
        }

        return -1;
    }
}
