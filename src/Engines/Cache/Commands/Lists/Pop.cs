using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Lists;

/// <summary>LPOP key [count], RPOP.</summary>
internal static class Pop
{
    public static void Left(Call call) => Run(call, ListEnd.Left);

    public static void Right(Call call) => Run(call, ListEnd.Right);

    private static void Run(Call call, ListEnd end)
    {
        var count = 1L;
        var many = call.Count == 3;
        if (call.Count > 3)
        {
            call.Reply.WrongArity(call.Command.Name);
            return;
        }

        if (many && (!IntegerText.TryParse(call[2], out count) || count < 0))
        {
            call.Reply.Error("ERR value is out of range, must be positive"u8);
            return;
        }

        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.List))
            return;
        if (!key.Exists)
        {
            if (many)
                call.Reply.NullArray();
            else
                call.Reply.Null();
            return;
        }

        count = Math.Min(count, key.List().Count);
        if (many)
            call.Reply.ArrayHeader(count);
        if (count > 0)
            key.Pop(call, end, (uint)count);
    }
}
