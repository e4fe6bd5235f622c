using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Strings;

/// <summary>A string as an answer.</summary>
internal static class Replies
{
    /// <summary>Writes the string of a key, or that there is none.</summary>
    public static void Text(this Call call, in Key key)
    {
        if (!key.Exists)
        {
            call.Reply.Null();
            return;
        }

        var target = call.Reply.BulkReserve((int)Texts.Length(key.Found));
        Texts.Read(key.Shard, key.Found, 0, target);
    }
}
