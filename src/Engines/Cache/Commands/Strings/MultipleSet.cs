using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Strings;

/// <summary>MSET key value [key value …], MSETNX.</summary>
internal static class MultipleSet
{
    public static void Run(Call call)
    {
        if (IsWhole(call))
        {
            SetAll(call);
            call.Reply.Ok();
        }
    }

    public static void RunIfAbsent(Call call)
    {
        if (!IsWhole(call))
            return;
        for (var i = 1; i < call.Count; i += 2)
        {
            if (call.Look(i).Exists)
            {
                call.Reply.Integer(0);
                return;
            }
        }

        SetAll(call);
        call.Reply.Integer(1);
    }

    private static bool IsWhole(Call call)
    {
        if (call.Count % 2 == 1)
            return true;
        call.Reply.WrongArity(call.Command.Name);
        return false;
    }

    private static void SetAll(Call call)
    {
        for (var i = 1; i < call.Count; i += 2)
        {
            var key = call.Write(i);
            key.SetText(call[i + 1], deadline: -1);
            key.Changed();
        }
    }
}
