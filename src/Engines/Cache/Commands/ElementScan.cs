using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands;

/// <summary>What HSCAN, SSCAN and ZSCAN are asked: <c>key cursor [MATCH pattern] [COUNT count]</c>.</summary>
/// <param name="Pattern">The place of the pattern; 0 where there is none.</param>
/// <param name="Count">About how many elements to show, 1 or more.</param>
internal readonly record struct ElementScan(int Pattern, int Count)
{
    private const int DefaultCount = 10;

    /// <summary>Reads the cursor; if it is none, that is the answer.</summary>
    public static bool TryCursor(Call call, out ulong cursor)
    {
        if (ulong.TryParse(call[2], out cursor))
            return true;
        call.Reply.Error("ERR invalid cursor"u8);
        return false;
    }

    /// <summary>Reads what follows the cursor; if it is wrong, that is the answer.</summary>
    public static bool TryRead(Call call, out ElementScan scan)
    {
        var (pattern, count) = (0, (long)DefaultCount);
        scan = default;
        for (var i = 3; i < call.Count; i += 2)
        {
            if (i + 1 < call.Count && call.Is(i, "count"u8))
            {
                if (!call.TryInteger(i + 1, out count))
                    return false;
                if (count >= 1)
                    continue;
            }
            else if (i + 1 < call.Count && call.Is(i, "match"u8))
            {
                pattern = i + 1;
                continue;
            }

            call.Reply.SyntaxError();
            return false;
        }

        scan = new ElementScan(pattern, (int)Math.Min(count, int.MaxValue));
        return true;
    }

    /// <summary>Writes the answer for a key that is not there.</summary>
    public static void Nothing(Call call)
    {
        call.Reply.ArrayHeader(2);
        call.Reply.BulkInteger(0);
        call.Reply.ArrayHeader(0);
    }
}
