using Groundwork.Cache.Packed;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Sets;

/// <summary>
/// SDIFF key [key …], SDIFFSTORE destination key [key …]: the first set's members are looked for in the others, the largest first,
/// or the others' members are taken out of a copy of it: whichever touches fewer.
/// </summary>
internal static class Difference
{
    public static void Run(Call call)
    {
        var isRead = SetOperands.TryRead(call, 1, call.Count, out var operands);
        using (operands)
        {
            if (!isRead)
                return;
            if (!IsCheaperToLook(operands.Sets))
            {
                using var result = new SetBuilder(call.Keyspace.ShardOf(call[1]));
                Subtract(operands.Sets, result);
                call.Reply.Set(result);
                return;
            }

            var answered = new AnsweredMembers(call.Reply);
            var begun = call.Reply.BeginArray();
            Look(operands.Sets, ref answered);
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
            if (IsCheaperToLook(operands.Sets))
                Look(operands.Sets, ref stored);
            else
                Subtract(operands.Sets, result);
            call.Store(result);
        }
    }

    /// <summary>No more than the first set.</summary>
    public static long ExtraBytes(Call call) => call.BytesOfSet(2);

    // Looking ends with the first set that has the member, so that it is half the work that it seems, as Redis reckons too.
    private static bool IsCheaperToLook(ReadOnlySpan<SetView> sets)
    {
        var all = 0L;
        foreach (ref readonly var set in sets)
            all += set.Count;
        return (long)sets[0].Count * sets.Length / 2 <= all;
    }

    private static void Look<TSink>(Span<SetView> sets, ref TSink sink)
        where TSink : struct, IMemberSink
    {
        var first = sets[0];
        if (first.IsEmpty)
            return;
        var others = sets[1..];
        others.Sort(static (a, b) => b.Count.CompareTo(a.Count));
        Span<byte> scratch = stackalloc byte[PackedItem.ScratchBytes];
        using var texts = new MemberTexts(first.Chunks, scratch);
        foreach (var member in first)
        {
            var text = new ItemText(texts.Of(member));
            if (!ContainsAny(others, text))
                sink.Take(text.Bytes);
        }
    }

    private static bool ContainsAny(ReadOnlySpan<SetView> sets, in ItemText member)
    {
        foreach (ref readonly var set in sets)
        {
            if (set.Contains(member))
                return true;
        }

        return false;
    }

    private static void Subtract(ReadOnlySpan<SetView> sets, SetBuilder result)
    {
        result.AddAll(sets[0]);
        foreach (ref readonly var set in sets[1..])
        {
            if (result.Count == 0)
                return;
            result.RemoveAll(set);
        }
    }
}
