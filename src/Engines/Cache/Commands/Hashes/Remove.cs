using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Hashes;

/// <summary>HDEL key field [field …].</summary>
internal static class Remove
{
    public static void Run(Call call)
    {
        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.Hash))
            return;
        var removed = 0;
        for (var i = 2; i < call.Count && key.Exists; i++)
        {
            if (!HashValue.Remove(key.Shard, ref key.Found, call[i]))
                continue;
            removed++;
            if (key.Hash().IsEmpty)
                key.Remove();
        }

        if (removed > 0 && key.Exists)
            key.Changed();
        call.Reply.Integer(removed);
    }
}
