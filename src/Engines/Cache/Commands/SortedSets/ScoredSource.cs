using Groundwork.Cache.Packed;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.SortedSets;

/// <summary>What a key gives to ZUNION and its like: members with scores. A key that is not there gives none.</summary>
internal readonly struct ScoredSource
{
    private readonly SortedSetView _set;

    private ScoredSource(SortedSetView set) => _set = set;

    /// <summary>How many members there are.</summary>
    public uint Count => _set.Count;

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
    public bool TryGetScore(ReadOnlySpan<byte> member, out double score) => _set.TryGetScore(member, out score);

    /// <summary>Shows the visitor the members, until it has seen enough.</summary>
    public void Visit<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, ISourceVisitor, allows ref struct
    {
        var left = Count;
        if (left == 0)
            return;
        using var bytes = new ItemBytes(_set.Chunks);
        var cursor = _set.From(0);
        for (; left > 0; left--)
        {
            var entry = cursor.Current;
            if (!visitor.Visit(bytes.Of(entry.Item), entry.Score))
                return;
            cursor.MoveNext();
        }
    }

    private static bool TryRead(Call call, int argument, out ScoredSource source)
    {
        var read = call.TryReadSortedSet(argument, out var set);
        source = new ScoredSource(set);
        return read;
    }

    private static long BytesOf(in Key key) => key.Exists && key.Kind == ValueKind.SortedSet ? 2 * key.SortedSet().Bytes : 0;
}

/// <summary>Takes the members of a source that it is shown; it must not change the source.</summary>
internal interface ISourceVisitor
{
    /// <returns>False where it has seen enough.</returns>
    bool Visit(scoped ReadOnlySpan<byte> member, double score);
}
