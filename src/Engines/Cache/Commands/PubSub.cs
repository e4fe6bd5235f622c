using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Cache.Commands;

/// <summary>What a client subscribes to.</summary>
internal enum ChannelKind
{
    /// <summary>A channel.</summary>
    Channel,

    /// <summary>All channels that match a pattern.</summary>
    Pattern,

    /// <summary>A channel of a shard, apart from the others.</summary>
    Shard,
}

/// <summary>
/// Who listens to which channel, and the way of a message to all of them.
/// </summary>
/// <remarks>Thread-safe. Channels are spread over a few tables, each with a lock, under which messages are handed to the connections: so all
/// listeners of a channel see its messages in the same order. These locks are taken one at a time, and inside them only the
/// connections' own; they may be taken with shards' locks held, never the other way round.</remarks>
internal sealed class PubSub
{
    private const int Stripes = 16;

    private readonly Table[] _channels;
    private readonly Table[] _shardChannels;
    private readonly Table _patterns;
    private readonly ulong _seed;

    public PubSub(ulong seed)
    {
        _seed = seed;
        _channels = [.. Enumerable.Range(0, Stripes).Select(_ => new Table(seed))];
        _shardChannels = [.. Enumerable.Range(0, Stripes).Select(_ => new Table(seed))];
        _patterns = new Table(seed);
    }

    /// <summary>A client listens.</summary>
    public void Subscribe(ChannelKind kind, byte[] name, Session client)
    {
        var table = TableOf(kind, name);
        lock (table.Gate)
            table.Add(name, client);
    }

    /// <summary>A client does not listen any more.</summary>
    public void Unsubscribe(ChannelKind kind, byte[] name, Session client)
    {
        var table = TableOf(kind, name);
        lock (table.Gate)
            table.Remove(name, client);
    }

    /// <summary>Sends a message to all who listen.</summary>
    /// <param name="kind">A channel, or a shard's.</param>
    /// <param name="channel">Its name.</param>
    /// <param name="message">The message.</param>
    /// <returns>How many got it; a client that listens in several ways counts for each.</returns>
    public int Publish(ChannelKind kind, ReadOnlySpan<byte> channel, ReadOnlySpan<byte> message)
    {
        var table = TableOf(kind, channel);
        var count = 0;
        lock (table.Gate)
        {
            if (table.TryGet(channel, out var listeners))
                count = Send(listeners, kind == ChannelKind.Shard ? "smessage"u8 : "message"u8, default, channel, message);
        }

        if (kind == ChannelKind.Shard || _patterns.Count == 0)
            return count;
        lock (_patterns.Gate)
        {
            foreach (var (pattern, listeners) in _patterns.All)
            {
                if (Glob.Matches(pattern, channel))
                    count += Send(listeners, "pmessage"u8, pattern, channel, message);
            }
        }

        return count;
    }

    /// <summary>The names that somebody listens to; of those that match a pattern, where one is given.</summary>
    public List<byte[]> Names(ChannelKind kind, byte[]? pattern)
    {
        var names = new List<byte[]>();
        foreach (var table in TablesOf(kind))
        {
            lock (table.Gate)
            {
                foreach (var (name, _) in table.All)
                {
                    if (pattern is null || Glob.Matches(pattern, name))
                        names.Add(name);
                }
            }
        }

        return names;
    }

    /// <summary>How many names somebody listens to.</summary>
    public int Count(ChannelKind kind) => TablesOf(kind).Sum(table => table.Count);

    /// <summary>How many listen to a channel.</summary>
    public int Listeners(ChannelKind kind, ReadOnlySpan<byte> channel)
    {
        var table = TableOf(kind, channel);
        lock (table.Gate)
            return table.TryGet(channel, out var listeners) ? listeners.Count : 0;
    }

    private Table[] TablesOf(ChannelKind kind) => kind switch
    {
        ChannelKind.Channel => _channels,
        ChannelKind.Shard => _shardChannels,
        _ => [_patterns],
    };

    private Table TableOf(ChannelKind kind, ReadOnlySpan<byte> name)
    {
        if (kind == ChannelKind.Pattern)
            return _patterns;
        var tables = kind == ChannelKind.Channel ? _channels : _shardChannels;
        return tables[WyHash.Hash(name, _seed) >> 60];
    }

    // The message is put together once: the two versions of the protocol differ in its first byte.
    private static int Send(
        HashSet<Session> listeners, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> channel, ReadOnlySpan<byte> message)
    {
        var hasPattern = kind[0] == 'p';
        var buffer = ArrayPool<byte>.Shared.Rent(128 + pattern.Length + channel.Length + message.Length);
        var length = 4;
        (hasPattern ? "*4\r\n"u8 : "*3\r\n"u8).CopyTo(buffer);
        Append(kind, buffer, ref length);
        if (hasPattern)
            Append(pattern, buffer, ref length);
        Append(channel, buffer, ref length);
        Append(message, buffer, ref length);
        var count = 0;
        foreach (var listener in listeners)
        {
            buffer[0] = listener.Protocol == 3 ? (byte)'>' : (byte)'*';
            count += listener.Connection.Post(buffer.AsSpan(0, length)) ? 1 : 0;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return count;
    }

    private static void Append(ReadOnlySpan<byte> text, byte[] buffer, ref int at)
    {
        buffer[at++] = (byte)'$';
        Utf8Formatter.TryFormat(text.Length, buffer.AsSpan(at), out var digits);
        at += digits;
        "\r\n"u8.CopyTo(buffer.AsSpan(at));
        text.CopyTo(buffer.AsSpan(at + 2));
        at += 2 + text.Length;
        "\r\n"u8.CopyTo(buffer.AsSpan(at));
        at += 2;
    }

    private sealed class Table(ulong seed)
    {
        private readonly Dictionary<byte[], HashSet<Session>> _listeners = new(new ByteComparer(seed));
        private int _count;

        public Lock Gate { get; } = new();

        public int Count => Volatile.Read(ref _count);

        public Dictionary<byte[], HashSet<Session>> All => _listeners;

        public bool TryGet(ReadOnlySpan<byte> name, [MaybeNullWhen(false)] out HashSet<Session> listeners) =>
            _listeners.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out listeners);

        public void Add(byte[] name, Session client)
        {
            if (!_listeners.TryGetValue(name, out var listeners))
                _listeners[name] = listeners = [];
            listeners.Add(client);
            Volatile.Write(ref _count, _listeners.Count);
        }

        public void Remove(byte[] name, Session client)
        {
            if (_listeners.TryGetValue(name, out var listeners) && listeners.Remove(client) && listeners.Count == 0)
                _listeners.Remove(name);
            Volatile.Write(ref _count, _listeners.Count);
        }
    }
}
