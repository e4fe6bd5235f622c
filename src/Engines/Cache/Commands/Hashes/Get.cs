using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Hashes;

/// <summary>HGET key field, HMGET key field [field …].</summary>
internal static class Get
{
    public static void Run(Call call)
    {
        if (call.TryReadHash(out var hash))
            Answer(call, hash, 2);
    }

    public static void RunMany(Call call)
    {
        if (!call.TryReadHash(out var hash))
            return;
        call.Reply.ArrayHeader(call.Count - 2);
        for (var i = 2; i < call.Count; i++)
            Answer(call, hash, i);
    }

    private static void Answer(Call call, HashView hash, int field)
    {
        if (hash.TryGet(call[field], out var value))
            call.Reply.Bulk(value, hash.Chunks);
        else
            call.Reply.Null();
    }
}
