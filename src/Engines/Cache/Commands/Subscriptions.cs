namespace Groundwork.Cache.Commands;

/// <summary>What one client listens to. Changed on its own thread; counts are read by any.</summary>
internal sealed class Subscriptions(Session client)
{
    private readonly HashSet<byte[]>[] _names = [.. Enumerable.Range(0, 3).Select(_ => new HashSet<byte[]>(new ByteComparer(client.Engine.Seed)))];

    /// <summary>Whether it listens to anything.</summary>
    public bool Any => _names[0].Count + _names[1].Count + _names[2].Count > 0;

    /// <summary>How many names of a kind it listens to.</summary>
    public int Count(ChannelKind kind) => _names[(int)kind].Count;

    /// <summary>What a client is told after a change: channels and patterns together, a shard's channels by themselves.</summary>
    public int Shown(ChannelKind kind) =>
        kind == ChannelKind.Shard ? Count(kind) : Count(ChannelKind.Channel) + Count(ChannelKind.Pattern);

    /// <summary>The names of a kind.</summary>
    public byte[][] Names(ChannelKind kind) => [.. _names[(int)kind]];

    /// <summary>Begins to listen.</summary>
    public void Add(ChannelKind kind, byte[] name)
    {
        if (_names[(int)kind].Add(name))
            client.Engine.Channels.Subscribe(kind, name, client);
    }

    /// <summary>Ends to listen.</summary>
    public void Remove(ChannelKind kind, byte[] name)
    {
        if (_names[(int)kind].Remove(name))
            client.Engine.Channels.Unsubscribe(kind, name, client);
    }

    /// <summary>Ends to listen to anything.</summary>
    public void Clear()
    {
        for (var kind = ChannelKind.Channel; kind <= ChannelKind.Shard; kind++)
        {
            foreach (var name in Names(kind))
                Remove(kind, name);
        }
    }
}
