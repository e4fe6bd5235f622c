
namespace Groundwork.Cache.Commands.Channels;

/// <summary>PUBSUB CHANNELS [pattern], NUMSUB [channel …], NUMPAT, SHARDCHANNELS [pattern], SHARDNUMSUB [channel …].</summary>
internal static class Listeners
{
    public static void Channels(Call call) => Names(call, ChannelKind.Channel);

    public static void ShardChannels(Call call) => Names(call, ChannelKind.Shard);

    public static void Count(Call call) => Count(call, ChannelKind.Channel);

    public static void ShardCount(Call call) => Count(call, ChannelKind.Shard);

    public static void Patterns(Call call) => call.Reply.Integer(call.Engine.Channels.Count(ChannelKind.Pattern));

    private static void Names(Call call, ChannelKind kind)
    {
        if (call.Count > 3)
        {
            call.Reply.Error($"ERR unknown subcommand or wrong number of arguments for '{System.Text.Encoding.Latin1.GetString(call[1])}'. Try PUBSUB HELP.");
            return;
        }

        var names = call.Engine.Channels.Names(kind, call.Count == 3 ? call[2].ToArray() : null);
        call.Reply.ArrayHeader(names.Count);
        foreach (var name in names)
            call.Reply.Bulk(name);
    }

    private static void Count(Call call, ChannelKind kind)
    {
        call.Reply.ArrayHeader((call.Count - 2) * 2L);
        for (var i = 2; i < call.Count; i++)
        {
            call.Reply.Bulk(call[i]);
            call.Reply.Integer(call.Engine.Channels.Listeners(kind, call[i]));
        }
    }
}
