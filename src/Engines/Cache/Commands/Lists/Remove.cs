using Groundwork.Cache.Packed;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Lists;

/// <summary>LREM key count element: the first so many, the last where it is negative, all where it is zero.</summary>
internal static class Remove
{
    public static void Run(Call call)
    {
        if (!call.TryInteger(2, out var count))
            return;
        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.List))
            return;
        if (!key.Exists)
        {
            call.Reply.Integer(0);
            return;
        }

        var wanted = count == 0 ? long.MaxValue : count == long.MinValue ? long.MaxValue : Math.Abs(count);
        var text = new ItemText(call[3]);
        var removed = count >= 0 ? FromLeft(ref key, text, wanted) : FromRight(ref key, text, wanted);
        if (removed > 0 && key.List().Count == 0)
            key.Remove();
        else if (removed > 0)
            key.Changed();
        call.Reply.Integer(removed);
    }

    // Equal neighbours are taken out together; then the walk begins anew behind them.
    private static long FromLeft(ref Key key, in ItemText text, long wanted)
    {
        var removed = 0L;
        var index = 0u;
        while (removed < wanted && key.List() is var list && index < list.Count)
        {
            var cursor = list.From(index);
            var run = 0u;
            for (; index + run < list.Count; cursor.MoveNext())
            {
                if (cursor.Current.Item.Is(text, list.Chunks))
                {
                    if (++run + removed == wanted)
                        break;
                }
                else if (run > 0)
                {
                    break;
                }
                else
                {
                    index++;
                }
            }

            if (run > 0)
                ListValue.RemoveRange(key.Shard, ref key.Found, index, run);
            removed += run;
        }

        return removed;
    }

    private static long FromRight(ref Key key, in ItemText text, long wanted)
    {
        var removed = 0L;
        var end = key.List().Count;
        while (removed < wanted && end > 0)
        {
            var list = key.List();
            var cursor = list.From(end - 1);
            var run = 0u;
            for (; end > run; cursor.MovePrevious())
            {
                if (cursor.Current.Item.Is(text, list.Chunks))
                {
                    if (++run + removed == wanted)
                        break;
                }
                else if (run > 0)
                {
                    break;
                }
                else
                {
                    end--;
                }
            }

            if (run > 0)
                ListValue.RemoveRange(key.Shard, ref key.Found, end - run, run);
            end -= run;
            removed += run;
        }

        return removed;
    }
}
