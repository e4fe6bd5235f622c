using System.Buffers;
using Groundwork.Cache.Packed;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Lists;

/// <summary>
/// LMOVE source destination LEFT | RIGHT LEFT | RIGHT, RPOPLPUSH source destination; BLMOVE with a time-out behind, BRPOPLPUSH.
/// </summary>
internal static class Move
{
    public static void Run(Call call)
    {
        if (call.TryEnd(3, out var from) && call.TryEnd(4, out var to) && !TryMove(call, from, to))
            call.Reply.Null();
    }

    public static void RunRightToLeft(Call call)
    {
        if (!TryMove(call, ListEnd.Right, ListEnd.Left))
            call.Reply.Null();
    }

    public static void Wait(Call call)
    {
        if (call.TryEnd(3, out var from) && call.TryEnd(4, out var to) && Timeouts.TryRead(call, 5, out var timeout))
            Wait(call, from, to, timeout);
    }

    public static void WaitRightToLeft(Call call)
    {
        if (Timeouts.TryRead(call, 3, out var timeout))
            Wait(call, ListEnd.Right, ListEnd.Left, timeout);
    }

    private static void Wait(Call call, ListEnd from, ListEnd to, TimeSpan timeout)
    {
        // Who waits already does not care for what is no list.
        var source = call.Look(1);
        if (call.Waiter is null || !source.Exists || source.Kind == ValueKind.List)
        {
            if (TryMove(call, from, to))
                return;
        }

        // In a transaction there is no element, otherwise a time was over: in the protocol's older version these differ.
        if (call.InTransaction)
            call.Reply.Null();
        else
            call.Wait(timeout, static reply => reply.NullArray());
    }

    // False where there is nothing to move, and no answer yet.
    private static bool TryMove(Call call, ListEnd from, ListEnd to)
    {
        var source = call.Write(1);
        if (!call.Expect(source, ValueKind.List))
            return true;
        if (!source.Exists)
            return false;
        if (!call.Expect(call.Write(2), ValueKind.List))
            return true;
        var list = source.List();
        var index = from == ListEnd.Left ? 0 : list.Count - 1;
        var item = list[index];
        call.Reply.Bulk(item, list.Chunks);

        // A copy, so that it need not be kept twice, and may go to the same list.
        var length = item.Length;
        byte[]? rented = null;
        Span<byte> copy = length <= ItemText.MaxInline ? stackalloc byte[ItemText.MaxInline] : (rented = ArrayPool<byte>.Shared.Rent(length));
        copy = copy[..length];
        item.CopyTo(list.Chunks, copy);
        if (call[1].SequenceEqual(call[2]))
        {
            ListValue.RemoveRange(source.Shard, ref source.Found, index, 1);
            source.Push(to, copy);
            source.Event = ListEvents.Push(to);
            source.Changed();
            source.Event = ListEvents.Pop(from);
            source.Changed();
        }
        else
        {
            source.Event = ListEvents.Pop(from);
            source.Cut(index, 1);
            var target = call.Look(2);
            target.Event = ListEvents.Push(to);
            target.Push(to, copy);
            target.Changed();
        }

        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return true;
    }
}
