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
            var name = call[i].ToArray();
            call.Client.Subscriptions.Add(kind, name);
            Show(call, verb, name, kind);
        }
    }

    /// <summary>Tells a client of a change in what it listens to. That is a message: also who wants no answers gets it.</summary>
    /// <param name="call">What it asked for.</param>
    /// <param name="verb">What has changed.</param>
    /// <param name="name">What it listens to, or not any more; null where it listened to nothing.</param>
    /// <param name="kind">What that is.</param>
    public static void Show(Call call, ReadOnlySpan<byte> verb, byte[]? name, ChannelKind kind)
    {
        if (call.Client.Replies == ReplyMode.All)
        {
            Write(call.Reply, verb, name, call.Client.Subscriptions.Shown(kind));
            return;
        }

        var message = ReplyWriter.InMemory(call.Client.Protocol);
        Write(message, verb, name, call.Client.Subscriptions.Shown(kind));
        call.Client.Connection.Post(message.ToArray());
        message.Clear();
    }

    private static void Write(ReplyWriter to, ReadOnlySpan<byte> verb, byte[]? name, int count)
    {
        to.PushHeader(3);
        to.Bulk(verb);
        if (name is null)
            to.Null();
        else
            to.Bulk(name);
        to.Integer(count);
    }
}
