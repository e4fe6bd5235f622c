using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Channels;

/// <summary>UNSUBSCRIBE [channel …], PUNSUBSCRIBE, SUNSUBSCRIBE: from all where none is named.</summary>
internal static class Unsubscribe
{
    public static void FromChannels(Call call) => Run(call, ChannelKind.Channel, "unsubscribe"u8);

    public static void FromPatterns(Call call) => Run(call, ChannelKind.Pattern, "punsubscribe"u8);

    public static void FromShards(Call call) => Run(call, ChannelKind.Shard, "sunsubscribe"u8);

    private static void Run(Call call, ChannelKind kind, ReadOnlySpan<byte> verb)
    {
        var subscriptions = call.Client.Subscriptions;
        if (call.Count > 1)
        {
            for (var i = 1; i < call.Count; i++)
            {
                var name = call[i].ToArray();
                subscriptions.Remove(kind, name);
                Subscribe.Show(call, verb, name, kind);
            }
        }
        else if (subscriptions.Count(kind) == 0)
        {
            Subscribe.Show(call, verb, name: null, kind);
        }
        else
        {
            foreach (var name in subscriptions.Names(kind))
            {
                subscriptions.Remove(kind, name);
                Subscribe.Show(call, verb, name, kind);
            }
        }

        if (!subscriptions.Any)
            call.Client.Connection.Kind = ClientKind.Normal;
    }
}
