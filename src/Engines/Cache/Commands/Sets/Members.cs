using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Commands.Sets;

/// <summary>SMEMBERS key, SCARD; SISMEMBER key member, SMISMEMBER key member [member …].</summary>
internal static class Members
{
    public static void Run(Call call)
    {
        if (call.TryReadSet(1, out var set))
            call.Reply.Set(set);
    }

    public static void Count(Call call)
    {
        if (call.TryReadSet(1, out var set))
            call.Reply.Integer(set.Count);
    }

    public static void Contains(Call call)
    {
        if (call.TryReadSet(1, out var set))
            call.Reply.Integer(set.Contains(new ItemText(call[2])) ? 1 : 0);
    }

    public static void ContainsEach(Call call)
    {
        if (!call.TryReadSet(1, out var set))
            return;
        call.Reply.ArrayHeader(call.Count - 2);
        for (var i = 2; i < call.Count; i++)
            call.Reply.Integer(set.Contains(new ItemText(call[i])) ? 1 : 0);
    }
}
