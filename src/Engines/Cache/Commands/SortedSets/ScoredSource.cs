using Groundwork.Cache.Packed;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.SortedSets;

/// <summary>
/// What a key gives to ZUNION and its like: members with scores; those of a set have 1 each. A key that is not there gives none.
/// </summary>
internal readonly struct ScoredSource
{
    private const double ScoreInSet = 1;

    private readonly SortedSetView _sorted;
    private readonly SetView _set;
    private readonly bool _isSorted;

    private ScoredSource(SortedSetView sorted) => (_sorted, _isSorted) = (sorted, true);

    private ScoredSource(SetView set) => _set = set;

    /// <summary>How many members there are.</summary>
    public uint Count => _isSorted ? _sorted.Count : _set.Count;

    /// <summary>Reads the sources that arguments name; if one of them is another kind of value, that is the answer.</summary>
    public static bool TryRead(Call call, int first, int keys, out ScoredSource[] sources)
    {
        sources = new ScoredSource[keys];
        for (var i = 0; i < keys; i++)
        {
            if (!TryRead(call, first + i, out sources[i]))
                return false;
        }

        return true;
    }

    /// <summary>About how many bytes what is made of the sources that arguments name may take, beside them.</summary>
    public static long ExtraBytes(Call call, int countAt)
    {
        if (!IntegerText.TryParse(call[countAt], out var keys))
            return 0;
        var bytes = 0L;
        for (var i = countAt + 1; i < call.Count && i <= countAt + keys; i++)
            bytes += BytesOf(call.Look(i));
        return bytes;
    }

    /// <summary>Finds a member's score.</summary>
    public bool TryGetScore(ReadOnlySpan<byte> member, out double score)
    {
        if (_isSorted)
            return _sorted.TryGetScore(member, out score);
        score = ScoreInSet;
        return _set.Contains(new ItemText(member));
    }

    /// <summary>Shows the visitor the members, until it has seen enough.</summary>
    public void Visit<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, ISourceVisitor, allows ref struct
    {
        var left = Count;
        if (left == 0)
            return;
        if (!_isSorted)
        {
            VisitSet(ref visitor);
            return;
        }

        using var bytes = new ItemBytes(_sorted.Chunks);
        var cursor = _sorted.From(0);
        for (; left > 0; left--)
        {
            var entry = cursor.Current;
            if (!visitor.Visit(bytes.Of(entry.Item), entry.Score))
                return;
            cursor.MoveNext();
        }
    }

    private void VisitSet<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, ISourceVisitor, allows ref struct
    {
        Span<byte> scratch = stackalloc byte[PackedItem.ScratchBytes];
        using var texts = new MemberTexts(_set.Chunks, scratch);
        foreach (var member in _set)
        {
            if (!visitor.Visit(texts.Of(member), ScoreInSet))
                return;
        }
    }

    private static bool TryRead(Call call, int argument, out ScoredSource source)
    {
        var key = call.Read(argument);
        var isSet = key.Exists && key.Kind == ValueKind.Set;
        source = isSet ? new ScoredSource(new SetView(key.Shard, key.Found)) : default;
        if (isSet)
            return true;
        if (!call.Expect(key, ValueKind.SortedSet))
            return false;
        source = new ScoredSource(key.SortedSet());
        return true;
    }

    // In a table and a tree, whatever it is in the source: of a set's there are scores beside.
    private static long BytesOf(in Key key) => !key.Exists ? 0 : key.Kind switch
    {
        ValueKind.SortedSet => 2 * key.SortedSet().Bytes,
        ValueKind.Set => (2 * new SetView(key.Shard, key.Found).Bytes) + (4 * sizeof(double) * new SetView(key.Shard, key.Found).Count),
        _ => 0,
    };
}

/// <summary>Takes the members of a source that it is shown; it must not change the source.</summary>
internal interface ISourceVisitor
{
    /// <returns>False where it has seen enough.</returns>
    bool Visit(scoped ReadOnlySpan<byte> member, double score);
}
