using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Keys;

/// <summary>What SORT was asked for behind its key: <c>[BY pattern] [LIMIT offset count] [GET pattern …] [ASC | DESC] [ALPHA] [STORE key]</c>, in any order.</summary>
internal sealed class SortOptions
{
    /// <summary>By what is sorted; the elements themselves where there is none.</summary>
    public SortPattern? By { get; set; }

    /// <summary>Whether nothing is sorted: a pattern that is the same for all elements says so.</summary>
    public bool IsUnsorted { get; set; }

    /// <summary>Whether bytes are compared, and not numbers.</summary>
    public bool IsAlpha { get; set; }

    /// <summary>Whether the greatest come first.</summary>
    public bool IsDescending { get; private set; }

    /// <summary>What is answered of each; the element where there is none.</summary>
    public List<SortPattern> Get { get; } = [];

    /// <summary>The place of the key under which the result is stored; 0 for none.</summary>
    public int StoreAt { get; private set; }

    private long Offset { get; set; }

    private long Most { get; set; } = -1;

    /// <summary>Reads them; if they are none, that is the answer.</summary>
    /// <param name="call">The call.</param>
    /// <param name="mayStore">Whether STORE is one of them.</param>
    /// <param name="options">The options.</param>
    public static bool TryRead(Call call, bool mayStore, out SortOptions options)
    {
        options = new SortOptions();
        for (var i = 2; i < call.Count; i++)
        {
            var left = call.Count - i - 1;
            if (call.Is(i, "asc"u8))
                options.IsDescending = false;
            else if (call.Is(i, "desc"u8))
                options.IsDescending = true;
            else if (call.Is(i, "alpha"u8))
                options.IsAlpha = true;
            else if (left >= 2 && call.Is(i, "limit"u8))
            {
                if (!call.TryInteger(++i, out var offset) || !call.TryInteger(++i, out var most))
                    return false;
                (options.Offset, options.Most) = (offset, most);
            }
            else if (mayStore && left >= 1 && call.Is(i, "store"u8))
                options.StoreAt = ++i;
            else if (left >= 1 && (call.Is(i, "by"u8) || call.Is(i, "get"u8)))
            {
                if (!options.TryPattern(call, isBy: call.Is(i, "by"u8), call[++i]))
                    return false;
            }
            else
            {
                call.Reply.SyntaxError();
                return false;
            }
        }

        return true;
    }

    /// <summary>Which of so many elements are asked for.</summary>
    public Range RangeOf(int count)
    {
        var from = (int)Math.Clamp(Offset, 0, count);
        return from..(Most < 0 ? count : (int)Math.Min(count, from + Math.Min(Most, count)));
    }

    // Where keys lie on several nodes, what a pattern names may lie on another.
    private bool TryPattern(Call call, bool isBy, ReadOnlySpan<byte> text)
    {
        var pattern = new SortPattern(text);
        if (call.Engine.Cluster.IsOn && (pattern.NamesKeys || !isBy))
        {
            call.Reply.Error($"ERR {(isBy ? "BY" : "GET")} option of SORT denied in cluster mode");
            return false;
        }

        if (!isBy)
            Get.Add(pattern);
        else if (pattern.NamesKeys)
            By = pattern;
        else
            IsUnsorted = true;
        return true;
    }
}
