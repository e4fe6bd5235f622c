using Groundwork.Cache.Entries;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Lists;

/// <summary>Keys that hold lists.</summary>
internal static class ListKeys
{
    /// <summary>Looks up the list of the first argument, to read it; if that holds something else, that is the answer.</summary>
    public static bool TryReadList(this Call call, out ListView list)
    {
        var key = call.Read(1);
        list = default;
        if (!call.Expect(key, ValueKind.List))
            return false;
        list = key.List();
        return true;
    }

    /// <summary>Its list; an empty one where it is not there.</summary>
    public static ListView List(this in Key key) => new(key.Shard, key.Found);

    /// <summary>Adds an element at an end of its list; makes the list where it is not there.</summary>
    public static void Push(this ref Key key, ListEnd end, scoped ReadOnlySpan<byte> element)
    {
        if (!key.Exists)
        {
            key.Create(ValueForm.PackedList, ListValue.HeaderBytes);
            ListValue.Initialize(key.Found);
        }

        if (end == ListEnd.Left)
            ListValue.PushFirst(key.Shard, ref key.Found, element);
        else
            ListValue.PushLast(key.Shard, ref key.Found, element);
    }

    /// <summary>Takes elements out of its list, and removes it with the last of them; others are told.</summary>
    public static void Cut(this ref Key key, uint index, uint count)
    {
        if (count == key.List().Count)
        {
            key.Remove();
            return;
        }

        ListValue.RemoveRange(key.Shard, ref key.Found, index, count);
        key.Changed();
    }

    /// <summary>Takes elements off an end of its list, as many as are there, and writes them; others are told.</summary>
    public static void Pop(this ref Key key, Call call, ListEnd end, uint count)
    {
        key.Event = ListEvents.Pop(end);
        var list = key.List();
        var last = list.Count - 1;
        if (count == 1)
            call.Reply.Bulk(end == ListEnd.Left ? list.First : list.Last, list.Chunks);
        else
            Write(call.Reply, list, end, count);
        key.Cut(end == ListEnd.Left ? 0 : last + 1 - count, count);
    }

    private static void Write(ReplyWriter reply, in ListView list, ListEnd end, uint count)
    {
        var cursor = list.From(end == ListEnd.Left ? 0 : list.Count - 1);
        for (var left = count; left > 0; left--)
        {
            reply.Bulk(cursor.Current.Item, list.Chunks);
            if (end == ListEnd.Left)
                cursor.MoveNext();
            else
                cursor.MovePrevious();
        }
    }
}
