using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Hashes;

/// <summary>
/// HRANDFIELD key [count [WITHVALUES]]: so many distinct fields, or, for a negative count, so many draws of which any may be the
/// same.
/// </summary>
internal static class DrawFields
{
    public static void Run(Call call)
    {
        if (call.Count == 2)
            DrawOne(call);
        else if (TryCount(call, out var count, out var withValues))
            Draw(call, count, withValues);
    }

    private static void DrawOne(Call call)
    {
        if (!call.TryReadHash(out var hash))
            return;
        if (hash.IsEmpty)
            call.Reply.Null();
        else
            call.Reply.Bulk(hash.Draw().Name, hash.Chunks);
    }

    private static bool TryCount(Call call, out long count, out bool withValues)
    {
        withValues = false;
        if (!DrawCount.TryRead(call, out count))
            return false;
        if (call.Count > 4 || (call.Count == 4 && !call.Is(3, "withvalues"u8)))
        {
            call.Reply.SyntaxError();
            return false;
        }

        withValues = call.Count == 4;
        if (!withValues || count is >= -(long.MaxValue / 2) and <= long.MaxValue / 2)
            return true;
        call.Reply.Error("ERR value is out of range"u8);
        return false;
    }

    private static void Draw(Call call, long count, bool withValues)
    {
        if (!call.TryReadHash(out var hash))
            return;
        var drawn = hash.IsEmpty ? 0 : count < 0 ? -count : Math.Min(count, hash.Count);
        call.Reply.ArrayHeader(withValues && call.Reply.Protocol < 3 ? drawn * 2 : drawn);
        var answer = new Answer(call, hash, withValues);
        if (count >= 0)
        {
            hash.DrawDistinct((int)drawn, ref answer);
            return;
        }

        // Past the limit of its output a client is given up: nobody waits for the rest.
        for (; drawn > 0 && !call.Reply.Overflowed; drawn--)
            answer.Visit(hash.Draw());
    }

    private readonly struct Answer(Call call, HashView hash, bool withValues) : IHashVisitor
    {
        public void Visit(HashField field)
        {
            if (withValues && call.Reply.Protocol == 3)
                call.Reply.ArrayHeader(2);
            call.Reply.Bulk(field.Name, hash.Chunks);
            if (withValues)
                call.Reply.Bulk(field.Value, hash.Chunks);
        }
    }
}
