namespace Groundwork.Cache.Commands.Keys;

/// <summary>DEL key [key …], UNLINK.</summary>
internal static class Remove
{
    public static void Run(Call call)
    {
        var count = 0;
        for (var i = 1; i < call.Count; i++)
        {
            var key = call.Look(i);
            if (!key.Exists)
                continue;
            key.Remove();
            count++;
        }

        call.Reply.Integer(count);
    }
}
