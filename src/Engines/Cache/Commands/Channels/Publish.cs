
namespace Groundwork.Cache.Commands.Channels;

/// <summary>PUBLISH channel message, SPUBLISH: how many got it.</summary>
internal static class Publish
{
    public static void ToChannel(Call call) => call.Reply.Integer(call.Engine.Channels.Publish(ChannelKind.Channel, call[1], call[2]));

    public static void ToShard(Call call) => call.Reply.Integer(call.Engine.Channels.Publish(ChannelKind.Shard, call[1], call[2]));
}
