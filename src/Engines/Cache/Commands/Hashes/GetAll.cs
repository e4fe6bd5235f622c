namespace Groundwork.Cache.Commands.Hashes;

/// <summary>HGETALL key, HKEYS, HVALS.</summary>
internal static class GetAll
{
    public static void Run(Call call)
    {
        if (!call.TryReadHash(out var hash))
            return;
        call.Reply.MapHeader(hash.Count);
        foreach (var pair in hash)
        {
            call.Reply.Bulk(pair.Name, hash.Chunks);
            call.Reply.Bulk(pair.Value, hash.Chunks);
        }
    }

    public static void RunFields(Call call)
    {
        if (!call.TryReadHash(out var hash))
            return;
        call.Reply.ArrayHeader(hash.Count);
        foreach (var pair in hash)
            call.Reply.Bulk(pair.Name, hash.Chunks);
    }

    public static void RunValues(Call call)
    {
        if (!call.TryReadHash(out var hash))
            return;
        call.Reply.ArrayHeader(hash.Count);
        foreach (var pair in hash)
            call.Reply.Bulk(pair.Value, hash.Chunks);
    }
}
