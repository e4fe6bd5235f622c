using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Strings;

/// <summary>GETEX key [EX seconds | PX milliseconds | EXAT unix-seconds | PXAT unix-milliseconds | PERSIST].</summary>
internal static class GetEx
{
    public static void Run(Call call)
    {
        var persist = call.Count == 3 && call.Is(2, "persist"u8);
        var deadline = -1L;
        if (!persist && call.Count > 2)
        {
            if (call.Count != 4 || !Deadlines.IsUnit(call[2], out var unit))
            {
                call.Reply.SyntaxError();
                return;
            }

            if (!Deadlines.TryRead(call, 3, unit, out deadline))
                return;
        }

        var key = call.Read(1);
        if (!call.Expect(key, ValueKind.Text))
            return;
        call.Text(key);
        if (!key.Exists || call.Count == 2)
            return;
        if (deadline >= 0 && deadline <= call.Now)
        {
            key.Remove();
            return;
        }

        if (persist && key.Deadline < 0)
            return;
        key.Shard.SetDeadline(ref key.Found, deadline);
        key.Changed();
    }
}
