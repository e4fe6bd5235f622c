using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Hashes;

/// <summary>HSET key field value [field value …], HMSET; HSETNX key field value.</summary>
internal static class SetFields
{
    public static void Run(Call call)
    {
        if (TrySet(call, out var added))
            call.Reply.Integer(added);
    }

    public static void RunQuietly(Call call)
    {
        if (TrySet(call, out _))
            call.Reply.Ok();
    }

    public static void RunIfAbsent(Call call)
    {
        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.Hash))
            return;
        if (key.Hash().TryGet(call[2], out _))
        {
            call.Reply.Integer(0);
            return;
        }

        key.SetField(call[2], call[3]);
        key.Changed();
        call.Reply.Integer(1);
    }

    private static bool TrySet(Call call, out int added)
    {
        added = 0;
        if (call.Count % 2 != 0)
        {
            call.Reply.WrongArity(call.Command.Name);
            return false;
        }

        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.Hash))
            return false;
        for (var i = 2; i < call.Count; i += 2)
        {
            if (key.SetField(call[i], call[i + 1]))
                added++;
        }

        key.Changed();
        return true;
    }
}
