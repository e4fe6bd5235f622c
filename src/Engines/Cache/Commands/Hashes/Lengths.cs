namespace Groundwork.Cache.Commands.Hashes;

/// <summary>HLEN key; HEXISTS key field, HSTRLEN.</summary>
internal static class Lengths
{
    public static void Count(Call call)
    {
        if (call.TryReadHash(out var hash))
            call.Reply.Integer(hash.Count);
    }

    public static void Exists(Call call)
    {
        if (call.TryReadHash(out var hash))
            call.Reply.Integer(hash.TryGet(call[2], out _) ? 1 : 0);
    }

    public static void OfValue(Call call)
    {
        if (call.TryReadHash(out var hash))
            call.Reply.Integer(hash.TryGet(call[2], out var value) ? value.Length : 0);
    }
}
