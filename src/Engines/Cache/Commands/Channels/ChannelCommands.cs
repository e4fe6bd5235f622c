namespace Groundwork.Cache.Commands.Channels;

/// <summary>Commands on channels.</summary>
internal static class ChannelCommands
{
    private const CommandFlags Listen = CommandFlags.PubSub | CommandFlags.NoScript | CommandFlags.WhileSubscribed;
    private const CommandFlags Send = CommandFlags.PubSub | CommandFlags.Fast;

    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All =>
    [
        Of("subscribe", -2, Listen, Subscribe.ToChannels, "Listens to channels.", "2.0.0"),
        Of("unsubscribe", -1, Listen, Unsubscribe.FromChannels, "Ends listening to channels.", "2.0.0"),
        Of("psubscribe", -2, Listen, Subscribe.ToPatterns, "Listens to all channels that match patterns.", "2.0.0"),
        Of("punsubscribe", -1, Listen, Unsubscribe.FromPatterns, "Ends listening to patterns.", "2.0.0"),
        Of("ssubscribe", -2, Listen, Subscribe.ToShards, "Listens to shards' channels.", "7.0.0"),
        Of("sunsubscribe", -1, Listen, Unsubscribe.FromShards, "Ends listening to shards' channels.", "7.0.0"),
        Of("publish", 3, Send, Publish.ToChannel, "Sends a message to all who listen to a channel.", "2.0.0"),
        Of("spublish", 3, Send, Publish.ToShard, "Sends a message to all who listen to a shard's channel.", "7.0.0"),
        Of("pubsub", -2, CommandFlags.None, static _ => { }, "Commands on who listens.", "2.8.0") with
        {
            Subcommands =
            [
                Of("pubsub|channels", -2, CommandFlags.PubSub, Listeners.Channels, "Lists channels that somebody listens to.", "2.8.0"),
                Of("pubsub|numsub", -2, CommandFlags.PubSub, Listeners.Count, "Counts who listens to channels.", "2.8.0"),
                Of("pubsub|numpat", 2, CommandFlags.PubSub, Listeners.Patterns, "Counts the patterns that somebody listens to.", "2.8.0"),
                Of("pubsub|shardchannels", -2, CommandFlags.PubSub, Listeners.ShardChannels, "Lists shards' channels that somebody listens to.", "7.0.0"),
                Of("pubsub|shardnumsub", -2, CommandFlags.PubSub, Listeners.ShardCount, "Counts who listens to shards' channels.", "7.0.0"),
                Of("pubsub|help", 2, CommandFlags.None, static call => Help.Of(call, "pubsub"), "Lists these commands.", "6.2.0"),
            ],
        },
    ];

    private static Command Of(string name, int arity, CommandFlags flags, Action<Call> run, string summary, string since) =>
        new(name, arity, flags, KeyPositions.None, run) { Group = "pubsub", Since = since, Summary = summary };
}
