using Groundwork.Cache.Packed;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Sets;

/// <summary>SMOVE source destination member.</summary>
internal static class Move
{
    public static void Run(Call call)
    {
        var source = call.Write(1);
        if (!source.Exists)
        {
            call.Reply.Integer(0);
            return;
        }

        if (!call.Expect(source, ValueKind.Set) || !call.Expect(call.Look(2), ValueKind.Set))
            return;

        if (call[1].SequenceEqual(call[2]))
        {
            call.Reply.Integer(source.Set().Contains(new ItemText(call[3])) ? 1 : 0);
            return;
        }

        source.Event = "srem"u8;
        if (!source.RemoveMember(call[3]))
        {
            call.Reply.Integer(0);
            return;
        }

        if (source.Exists)
            source.Changed();
        var destination = call.Write(2);
        destination.Event = "sadd"u8;
        if (destination.AddMember(call[3]))
            destination.Changed();
        call.Reply.Integer(1);
    }
}
