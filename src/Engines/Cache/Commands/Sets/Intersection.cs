using Groundwork.Cache.Packed;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Sets;

/// <summary>
/// SINTER key [key …], SINTERSTORE destination key [key …], SINTERCARD numkeys key [key …] [LIMIT limit]: the smallest set's
/// members are looked for in the others, the next smallest first.
/// </summary>
internal static class Intersection
{
    public static void Run(Call call)
    {
        var isRead = SetOperands.TryRead(call, 1, call.Count, out var operands);
        using (operands)
        {
            if (!isRead)
                return;
            var answered = new AnsweredMembers(call.Reply);
            var begun = call.Reply.BeginArray();
            Intersect(operands.Sets, ref answered);
            call.Reply.EndSet(begun, answered.Count);
        }
    }

    public static void RunAndStore(Call call)
    {
        var isRead = SetOperands.TryRead(call, 2, call.Count, out var operands);
        using (operands)
        {
            if (!isRead)
                return;
            using var result = new SetBuilder(call.Keyspace.ShardOf(call[1]));
            var stored = new StoredMembers(result);
            Intersect(operands.Sets, ref stored);
            call.Store(result);
        }
    }

    public static void Count(Call call)
    {
        if (!TryCardinality(call, out var keys, out var limit))
            return;
        var isRead = SetOperands.TryRead(call, 2, 2 + keys, out var operands);
        using (operands)
        {
            if (!isRead)
                return;
            var counted = new CountedMembers(limit);
            Intersect(operands.Sets, ref counted);
            call.Reply.Integer(counted.Count);
        }
    }

    /// <summary>No more than the smallest set.</summary>
    public static long ExtraBytes(Call call)
    {
        var bytes = call.BytesOfSet(2);
        for (var i = 3; i < call.Count; i++)
            bytes = Math.Min(bytes, call.BytesOfSet(i));
        return bytes;
    }

    private static bool TryCardinality(Call call, out int keys, out long limit)
    {
        (keys, limit) = (0, long.MaxValue);
        if (!IntegerText.TryParse(call[1], out var number) || number < 1)
        {
            call.Reply.Error("ERR numkeys should be greater than 0"u8);
            return false;
        }

        if (number > call.Count - 2)
        {
            call.Reply.Error("ERR Number of keys can't be greater than number of args"u8);
            return false;
        }

        keys = (int)number;
        for (var i = 2 + keys; i < call.Count; i += 2)
        {
            if (!call.Is(i, "limit"u8) || i + 1 == call.Count)
            {
                call.Reply.SyntaxError();
                return false;
            }

            if (!IntegerText.TryParse(call[i + 1], out limit) || limit < 0)
            {
                call.Reply.Error("ERR LIMIT can't be negative"u8);
                return false;
            }
        }

        // Zero is for none.
        if (limit == 0)
            limit = long.MaxValue;
        return true;
    }

    private static void Intersect<TSink>(Span<SetView> sets, ref TSink sink)
        where TSink : struct, IMemberSink
    {
        sets.Sort(static (a, b) => a.Count.CompareTo(b.Count));
        var smallest = sets[0];
        if (smallest.IsEmpty)
            return;
        Span<byte> scratch = stackalloc byte[PackedItem.ScratchBytes];
        using var texts = new MemberTexts(smallest.Chunks, scratch);
        foreach (var member in smallest)
        {
            var text = new ItemText(texts.Of(member));
            if (ContainAll(sets[1..], text) && !sink.Take(text.Bytes))
                return;
        }
    }

    private static bool ContainAll(ReadOnlySpan<SetView> sets, in ItemText member)
    {
        foreach (ref readonly var set in sets)
        {
            if (!set.Contains(member))
                return false;
        }

        return true;
    }
}
