using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Sets;

/// <summary>
/// SRANDMEMBER key [count]: so many distinct members, or, for a negative count, so many draws of which any may be the same.
/// </summary>
internal static class DrawMembers
{
    public static void Run(Call call)
    {
        if (call.Count == 2)
            DrawOne(call);
        else if (call.Count > 3)
            call.Reply.SyntaxError();
        else if (DrawCount.TryRead(call, out var count))
            Draw(call, count);
    }

    private static void DrawOne(Call call)
    {
        if (!call.TryReadSet(1, out var set))
            return;
        if (set.IsEmpty)
            call.Reply.Null();
        else
            call.Reply.Bulk(set.Draw(), set.Chunks);
    }

    private static void Draw(Call call, long count)
    {
        if (!call.TryReadSet(1, out var set))
            return;
        var drawn = set.IsEmpty ? 0 : count < 0 ? -count : Math.Min(count, set.Count);
        call.Reply.ArrayHeader(drawn);
        if (count >= 0)
        {
            var answer = new Answer(call, set);
            set.DrawDistinct((int)drawn, ref answer);
            return;
        }

        // Past the limit of its output a client is given up: nobody waits for the rest.
        for (; drawn > 0 && !call.Reply.Overflowed; drawn--)
            call.Reply.Bulk(set.Draw(), set.Chunks);
    }

    private readonly struct Answer(Call call, SetView set) : ISetVisitor
    {
        public void Visit(SetMember member) => call.Reply.Bulk(member, set.Chunks);
    }
}
