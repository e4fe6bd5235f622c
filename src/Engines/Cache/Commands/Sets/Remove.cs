using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Sets;

/// <summary>SREM key member [member …].</summary>
internal static class Remove
{
    public static void Run(Call call)
    {
        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.Set))
            return;
        var removed = 0;
        for (var i = 2; i < call.Count && key.Exists; i++)
        {
            if (key.RemoveMember(call[i]))
                removed++;
        }

        if (removed > 0 && key.Exists)
            key.Changed();
        call.Reply.Integer(removed);
    }
}
