using System.Buffers;

namespace Groundwork.Cache.Commands.Tracking;

/// <summary>
/// A command of a client, or a transaction, while it runs: what it has to tell others of keys under their prefixes is put together, and
/// its client is told what concerns it after its answer.
/// </summary>
/// <remarks>
/// <para>A change is told where it is made, under the shard's lock, by code that knows keys and not clients. The turn is therefore the
/// thread's: whoever changes a key on a thread does so for the turn that runs there. Where there is none (keys that expire by
/// themselves, callers in the same process), each change is told at once.</para>
/// <para>Turns nest: a client that waited is served in the turn of the one that wrote.</para>
/// </remarks>
internal sealed class TrackingTurn
{
    // More is told in several messages.
    private const int MaxMessageBytes = 64 * 1024;

    [ThreadStatic]
    private static TrackingTurn? _current;

    [ThreadStatic]
    private static TrackingTurn? _spare;

    private readonly List<Told> _broadcasts = [];
    private readonly ArrayBufferWriter<byte> _own = new();
    private TrackingTurn? _outer;
    private int _depth;

    /// <summary>The thread's; null where none runs.</summary>
    public static TrackingTurn? Current => _current;

    /// <summary>Whose command runs.</summary>
    public ITrackedClient Client { get; private set; } = null!;

    /// <summary>Begins a client's, or goes on with it.</summary>
    public static TrackingTurn Begin(ITrackedClient client)
    {
        if (_current is { } current && ReferenceEquals(current.Client, client))
        {
            current._depth++;
            return current;
        }

        var turn = _spare ?? new TrackingTurn();
        _spare = null;
        (turn.Client, turn._outer, turn._depth) = (client, _current, 1);
        _current = turn;
        return turn;
    }

    /// <summary>Sends a client a message; to the turn's own, after its answer.</summary>
    /// <returns>False where it has left.</returns>
    public static bool Send(ITrackedClient to, ReadOnlySpan<byte> message)
    {
        if (_current is not { } turn || !ReferenceEquals(turn.Client, to))
            return to.Send(message);
        turn._own.Write(message);
        return true;
    }

    /// <summary>Ends it, once its answer is written, or posted: all that was put together is told.</summary>
    public void End()
    {
        if (--_depth > 0)
            return;
        foreach (var told in _broadcasts)
        {
            told.Tell(this);
            told.Dispose();
        }

        _broadcasts.Clear();
        if (_own.WrittenCount > 0)
        {
            Client.Send(_own.WrittenSpan);
            _own.ResetWrittenCount();
        }

        (_current, _outer, Client) = (_outer, null, null!);
        _spare = this;
    }

    /// <summary>A key was changed that some are told of by its prefix.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="key">The key.</param>
    /// <param name="byClient">Whether the turn's client changed it; otherwise its time was over, or it had to leave.</param>
    public void Broadcast(BroadcastPrefixes.Prefix prefix, ReadOnlySpan<byte> key, bool byClient)
    {
        var told = ToldOf(prefix);
        told.Add(key, byClient);
        if (told.Bytes < MaxMessageBytes)
            return;
        told.Tell(this);
        told.Clear();
    }

    private Told ToldOf(BroadcastPrefixes.Prefix prefix)
    {
        foreach (var told in _broadcasts)
        {
            if (told.Prefix.Name == prefix.Name)
                return told;
        }

        var first = new Told(prefix);
        _broadcasts.Add(first);
        return first;
    }

    // Who wants nothing of its own changes gets the others'.
    private sealed class Told(BroadcastPrefixes.Prefix prefix) : IDisposable
    {
        private readonly Invalidation _all = new();
        private readonly Invalidation _notByClient = new();

        public BroadcastPrefixes.Prefix Prefix { get; } = prefix;

        public int Bytes => _all.Bytes;

        public void Add(ReadOnlySpan<byte> key, bool byClient)
        {
            _all.Add(key);
            if (!byClient)
                _notByClient.Add(key);
        }

        public void Tell(TrackingTurn turn)
        {
            foreach (var tracker in Prefix.Trackers)
            {
                var message = tracker.Skips(turn) ? _notByClient : _all;
                if (message.Count > 0)
                    tracker.Tell(message);
            }
        }

        public void Clear()
        {
            _all.Clear();
            _notByClient.Clear();
        }

        public void Dispose()
        {
            _all.Dispose();
            _notByClient.Dispose();
        }
    }
}
