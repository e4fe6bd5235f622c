using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Sets;

/// <summary>SADD key member [member …].</summary>
internal static class Add
{
    public static void Run(Call call)
    {
        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.Set))
            return;
        var added = 0;
        for (var i = 2; i < call.Count; i++)
        {
            if (key.AddMember(call[i]))
                added++;
        }

        if (added > 0)
            key.Changed();
        call.Reply.Integer(added);
    }
}
