using Groundwork.Cache.Packed;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Sets;

/// <summary>SPOP key [count].</summary>
internal static class Pop
{
    public static void Run(Call call)
    {
        if (call.Count > 3)
            call.Reply.SyntaxError();
        else if (call.Count == 2)
            PopOne(call);
        else if (IntegerText.TryParse(call[2], out var count) && count >= 0)
            PopMany(call, count);
        else
            call.Reply.Error("ERR value is out of range, must be positive"u8);
    }

    private static void PopOne(Call call)
    {
        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.Set))
            return;
        if (!key.Exists)
        {
            call.Reply.Null();
            return;
        }

        Take(call, ref key);
        if (key.Exists)
            key.Changed();
    }

    private static void PopMany(Call call, long count)
    {
        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.Set))
            return;
        var set = key.Set();
        if (set.IsEmpty || count >= set.Count)
        {
            call.Reply.Set(set);
            if (key.Exists)
                key.Remove();
            return;
        }

        call.Reply.SetHeader(count);
        for (var left = count; left > 0; left--)
            Take(call, ref key);
        if (count > 0)
            key.Changed();
    }

    private static void Take(Call call, ref Key key)
    {
        var set = key.Set();
        Span<byte> scratch = stackalloc byte[PackedItem.ScratchBytes];
        Span<byte> room = stackalloc byte[ItemText.MaxInline];
        using var texts = new MemberTexts(set.Chunks, scratch);
        var member = texts.Of(set.Draw());
        call.Reply.Bulk(member);

        // What is removed must not lie where it is removed from; longer ones are copies already.
        if (member.Length <= room.Length)
        {
            member.CopyTo(room);
            member = room[..member.Length];
        }

        key.RemoveMember(member);
    }
}
