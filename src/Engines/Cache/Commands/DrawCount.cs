namespace Groundwork.Cache.Commands;

/// <summary>How many elements are to be drawn: the second argument of HRANDFIELD and its like, negative for with repetitions.</summary>
internal static class DrawCount
{
    /// <summary>Reads it; if it is none, that is the answer.</summary>
    public static bool TryRead(Call call, out long count)
    {
        if (!call.TryInteger(2, out count))
            return false;
        if (count > long.MinValue)
            return true;
        call.Reply.Error($"ERR value is out of range, value must between {-long.MaxValue} and {long.MaxValue}");
        return false;
    }
}
