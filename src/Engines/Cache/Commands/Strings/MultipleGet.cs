using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Strings;

/// <summary>MGET key [key …]: what is no string is answered as if it were not there.</summary>
internal static class MultipleGet
{
    public static void Run(Call call)
    {
        call.Reply.ArrayHeader(call.Count - 1);
        for (var i = 1; i < call.Count; i++)
        {
            var key = call.Read(i);
            if (key.Exists && key.Kind == ValueKind.Text)
                call.Text(key);
            else
                call.Reply.Null();
        }
    }
}
