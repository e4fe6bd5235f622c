namespace Groundwork.Cache.Commands.Keys;

/// <summary>EXISTS key [key …], TOUCH: a key that is named twice counts twice.</summary>
internal static class Exists
{
    public static void Run(Call call)
    {
        var count = 0;
        for (var i = 1; i < call.Count; i++)
        {
            if (call.Read(i).Exists)
                count++;
        }

        call.Reply.Integer(count);
    }
}
