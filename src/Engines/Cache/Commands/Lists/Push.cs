using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Lists;

/// <summary>LPUSH key element [element …], RPUSH; LPUSHX, RPUSHX only onto a list that is there.</summary>
internal static class Push
{
    public static void Left(Call call) => Run(call, ListEnd.Left, ifPresent: false);

    public static void Right(Call call) => Run(call, ListEnd.Right, ifPresent: false);

    public static void LeftIfPresent(Call call) => Run(call, ListEnd.Left, ifPresent: true);

    public static void RightIfPresent(Call call) => Run(call, ListEnd.Right, ifPresent: true);

    private static void Run(Call call, ListEnd end, bool ifPresent)
    {
        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.List))
            return;
        if (ifPresent && !key.Exists)
        {
            call.Reply.Integer(0);
            return;
        }

        for (var i = 2; i < call.Count; i++)
            key.Push(end, call[i]);
        key.Changed();
        call.Reply.Integer(key.List().Count);
    }
}
