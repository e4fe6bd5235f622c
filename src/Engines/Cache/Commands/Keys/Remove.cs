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
            count += key.Exists ? 1 : 0;
            key.Clear();
        }

        call.Reply.Integer(count);
    }
}
