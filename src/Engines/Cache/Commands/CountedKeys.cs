using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands;

/// <summary>Commands that say how many keys follow, and may end with <c>COUNT count</c>.</summary>
internal static class CountedKeys
{
    /// <summary>Reads how many keys follow an argument, 1 or more; if it does not say, that is the answer.</summary>
    public static bool TryRead(Call call, int argument, out int keys)
    {
        keys = 0;
        if (!IntegerText.TryParse(call[argument], out var number) || number is <= 0 or > int.MaxValue)
        {
            call.Reply.Error("ERR numkeys should be greater than 0"u8);
            return false;
        }

        // More than there are arguments is for the caller to find out.
        keys = (int)Math.Min(number, call.Count);
        return true;
    }

    /// <summary>Reads <c>COUNT count</c>, 1 or more, from an argument to the end; 1 where nothing is there.</summary>
    public static bool TryCount(Call call, int argument, out long count)
    {
        count = 1;
        if (argument == call.Count)
            return true;
        if (argument + 2 != call.Count || !call.Is(argument, "count"u8))
        {
            call.Reply.SyntaxError();
            return false;
        }

        if (IntegerText.TryParse(call[argument + 1], out count) && count is > 0 and <= int.MaxValue)
            return true;
        call.Reply.Error("ERR count should be greater than 0"u8);
        return false;
    }
}
