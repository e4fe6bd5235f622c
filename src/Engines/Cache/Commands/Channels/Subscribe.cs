using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Channels;

/// <summary>SUBSCRIBE channel [channel …], PSUBSCRIBE, SSUBSCRIBE: an answer for each, with how many it listens to then.</summary>
internal static class Subscribe
{
    public static void ToChannels(Call call) => Run(call, ChannelKind.Channel, "subscribe"u8);

    public static void ToPatterns(Call call) => Run(call, ChannelKind.Pattern, "psubscribe"u8);

    public static void ToShards(Call call) => Run(call, ChannelKind.Shard, "ssubscribe"u8);

    private static void Run(Call call, ChannelKind kind, ReadOnlySpan<byte> verb)
    {
        call.Client.Connection.Kind = ClientKind.PubSub;
        for (var i = 1; i < call.Count; i++)
        {
            call.Client.Subscriptions.Add(kind, call[i]);
            Show(call, verb, call[i], kind);
        }
    }

    /// <summary>Tells a client of a change in what it listens to.</summary>
    public static void Show(Call call, ReadOnlySpan<byte> verb, ReadOnlySpan<byte> name, ChannelKind kind)
    {
        call.Reply.PushHeader(3);
        call.Reply.Bulk(verb);
        call.Reply.Bulk(name);
        call.Reply.Integer(call.Client.Subscriptions.Shown(kind));
    }
}
