using Groundwork.Cache.Commands.Lists;
using Groundwork.Cache.Commands.Sets;
using Groundwork.Cache.Commands.SortedSets;
using Groundwork.Cache.Commands.Strings;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Packed;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Keys;

/// <summary>
/// SORT key [options], SORT_RO; see <see cref="SortOptions"/>. Elements that compare as equal stand in the order of their bytes; without
/// ALPHA what is no number is an error. All shards are locked: patterns may name any key.
/// </summary>
internal static class Sort
{
    public static void Run(Call call)
    {
        if (!SortOptions.TryRead(call, mayStore: true, out var options) || !TrySort(call, options, out var sorted))
            return;
        if (options.StoreAt > 0)
            Store(call, options, sorted);
        else
            Answer(call, options, sorted);
    }

    public static void RunReadOnly(Call call)
    {
        if (SortOptions.TryRead(call, mayStore: false, out var options) && TrySort(call, options, out var sorted))
            Answer(call, options, sorted);
    }

    /// <summary>What a stored result may take: as much as what is sorted, twice, since elements of a list are kept in another way.</summary>
    public static long ExtraBytes(Call call)
    {
        var key = call.Look(1);
        return key.Exists ? 2 * (key.Found.Value.Length + ValueStore.OutsideBytes(key.Shard, key.Found)) : 0;
    }

    private static bool TrySort(Call call, SortOptions options, out ReadOnlySpan<byte[]> sorted)
    {
        sorted = default;
        var key = call.Read(1);
        if (key.Exists && key.Kind is not (ValueKind.List or ValueKind.Set or ValueKind.SortedSet))
        {
            call.Reply.WrongType();
            return false;
        }

        // A set has no order of its own in which it could be stored.
        if (options is { IsUnsorted: true, StoreAt: > 0 } && key.Exists && key.Kind == ValueKind.Set)
            (options.IsUnsorted, options.IsAlpha, options.By) = (false, true, null);

        var elements = ElementsOf(key);
        if (options.IsUnsorted)
        {
            if (options.IsDescending && key.Exists && key.Kind == ValueKind.SortedSet)
                Array.Reverse(elements);
        }
        else if (!TryOrder(call, options, ref elements))
        {
            call.Reply.Error("ERR One or more scores can't be converted into double"u8);
            return false;
        }

        sorted = elements.AsSpan(options.RangeOf(elements.Length));
        return true;
    }

    private static bool TryOrder(Call call, SortOptions options, ref byte[][] elements)
    {
        var weighted = new (byte[] Element, byte[]? Text, double Number)[elements.Length];
        for (var i = 0; i < elements.Length; i++)
        {
            var text = options.By is { } by ? by.Of(call, elements[i]) : elements[i];
            var number = 0d;
            if (!options.IsAlpha && text is { Length: > 0 } && !IncrementFloat.TryRead(text, out number))
                return false;
            weighted[i] = (elements[i], text, number);
        }

        var sign = options.IsDescending ? -1 : 1;
        Comparison<(byte[] Element, byte[]? Text, double Number)> order = options.IsAlpha
            ? (a, b) => sign * (Compare(a.Text, b.Text) is not 0 and var byText ? byText : Compare(a.Element, b.Element))
            : (a, b) => sign * (a.Number.CompareTo(b.Number) is not 0 and var byNumber ? byNumber : Compare(a.Element, b.Element));
        Array.Sort(weighted, order);
        elements = Array.ConvertAll(weighted, static w => w.Element);
        return true;
    }

    private static int Compare(byte[]? a, byte[]? b) => a is null || b is null
        ? (a is null ? 0 : 1) - (b is null ? 0 : 1)
        : a.AsSpan().SequenceCompareTo(b);

    private static byte[][] ElementsOf(in Key key)
    {
        if (!key.Exists)
            return [];
        if (key.Kind == ValueKind.Set)
            return MembersOf(key.Set());
        var (cursor, elements, chunks) = key.Kind == ValueKind.List
            ? (key.List().From(0), new byte[key.List().Count][], key.List().Chunks)
            : (key.SortedSet().From(0), new byte[key.SortedSet().Count][], key.SortedSet().Chunks);
        for (var i = 0; i < elements.Length; i++, cursor.MoveNext())
            elements[i] = cursor.Current.Item.ToArray(chunks);
        return elements;
    }

    private static byte[][] MembersOf(SetView set)
    {
        var members = new byte[set.Count][];
        var count = 0;
        Span<byte> scratch = stackalloc byte[PackedItem.ScratchBytes];
        using var texts = new MemberTexts(set.Chunks, scratch);
        foreach (var member in set)
            members[count++] = texts.Of(member).ToArray();
        return members;
    }

    private static void Answer(Call call, SortOptions options, ReadOnlySpan<byte[]> sorted)
    {
        call.Reply.ArrayHeader((long)sorted.Length * Math.Max(1, options.Get.Count));
        foreach (var element in sorted)
        {
            if (options.Get.Count == 0)
                call.Reply.Bulk(element);
            foreach (var pattern in options.Get)
            {
                if (pattern.Of(call, element) is { } value)
                    call.Reply.Bulk(value);
                else
                    call.Reply.Null();
            }
        }
    }

    // What is stored is read first: another entry's end would move what was found.
    private static void Store(Call call, SortOptions options, ReadOnlySpan<byte[]> sorted)
    {
        var results = new List<byte[]>(sorted.Length);
        foreach (var element in sorted)
        {
            if (options.Get.Count == 0)
                results.Add(element);
            foreach (var pattern in options.Get)
                results.Add(pattern.Of(call, element) ?? []);
        }

        var target = call.Look(options.StoreAt);
        call.Reply.Integer(results.Count);
        if (results.Count == 0)
        {
            target.Clear();
            return;
        }

        if (target.Exists)
            target.Shard.Remove(ref target.Found, KeyChange.Written);
        target = call.Look(options.StoreAt);
        foreach (var result in results)
            target.Push(ListEnd.Right, result);
        target.Changed();
    }
}
