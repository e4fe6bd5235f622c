using System.Net;
using Groundwork.Cache.Commands.Tracking;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands;

/// <summary>
/// A client: what it has said about itself, and what it is in the middle of.
/// </summary>
/// <remarks>Its commands come on one thread, one after the other. Other threads answer it while it waits (<see cref="EndWaiting"/>), and
/// spoil its transaction.</remarks>
internal sealed unsafe class Session : ClientSession, ITrackedClient
{
    private readonly Call _call;
    private Waiter? _waiter;
    private Arguments? _held;
    private bool _hasWaited;
    private volatile bool _isClosed;
    private long _turnAt;
    private long _turnNow;

    public Session(CacheEngine engine, IClientConnection connection)
    {
        (Engine, Connection, Space) = (engine, connection, engine.Spaces.Clients);
        _call = new Call(this);
        IsAuthenticated = !engine.NeedsPassword;
        connection.IsAuthenticated = IsAuthenticated;
        Subscriptions = new Subscriptions(this);
        OnTurn();
        engine.Clients.Add(this);
    }

    /// <summary>Where it is a client.</summary>
    public CacheEngine Engine { get; }

    /// <summary>How it is reached.</summary>
    public IClientConnection Connection { get; }

    /// <summary>The space that its commands are for.</summary>
    public Space Space { get; private set; }

    /// <summary>The database that its commands are for.</summary>
    public int Database { get; private set; }

    /// <summary>The version of the protocol: 2 or 3.</summary>
    public int Protocol { get; set; } = 2;

    /// <summary>What it calls itself.</summary>
    public string Name { get; set; } = "";

    /// <summary>Whether it has said who it is, where that is asked.</summary>
    public bool IsAuthenticated { get; private set; }

    /// <summary>What it has queued and watches.</summary>
    public Transaction Transaction { get; } = new();

    /// <summary>What it listens to.</summary>
    public Subscriptions Subscriptions { get; }

    /// <summary>What it wants to be told of keys; null where it never wanted to be.</summary>
    public Tracker? Tracker { get; set; }

    /// <summary>Whether it reads from a replica what may be out of date.</summary>
    public bool ReadsCopies { get; set; }

    /// <summary>Which of its answers are sent.</summary>
    public ReplyMode Replies { get; set; }

    /// <summary>Where it comes from, as text.</summary>
    public string Address => TextOf(Connection.RemoteAddress);

    /// <summary>Where it came in, as text.</summary>
    public string LocalAddress => TextOf(Connection.LocalAddress);

    /// <summary>Whether it waits: for keys, or because clients are paused.</summary>
    public bool IsBlocked => _waiter is not null || _held is not null;

    /// <summary>What it is waiting for; null where it does not.</summary>
    public Waiter? Waiter => _waiter;

    /// <summary>The command that it asked for last.</summary>
    public Command? LastCommand { get; private set; }

    /// <inheritdoc/>
    public bool IsClosed => _isClosed;

    long ITrackedClient.Id => Connection.Id;

    bool ITrackedClient.Listens => Subscriptions.Any;

    /// <inheritdoc/>
    public override void OnTurn()
    {
        _turnAt = _call.Began = Engine.Time.GetTimestamp();
        _turnNow = Engine.Keyspace.Now;
    }

    /// <inheritdoc/>
    public override int OnAhead(byte* data, int length) =>
        KeyIndex.CanFetch && !Space.Keyspace.HasFewKeys ? KeyLookahead.Fetch(Space.Keyspace, Database, data, length) : int.MaxValue;

    /// <inheritdoc/>
    public override void OnCommand(Arguments arguments, ReplyWriter reply)
    {
        if (Replies == ReplyMode.All)
            Run(arguments, reply);
        else
            RunMuted(arguments, reply);
    }

    /// <inheritdoc/>
    public override void OnClosed(CloseReason reason)
    {
        _isClosed = true;
        Engine.Clients.Remove(this);
        Engine.Pause.Forget(this);
        Engine.Monitors.Remove(this);
        Subscriptions.Clear();
        StopTracking();
        if (_waiter is { } waiter && waiter.TryEnd())
        {
            waiter.Dispose();
            Forget(waiter);
        }

        Unwatch();
    }

    /// <summary>Ends its connection after the answer; for others it has left from now on.</summary>
    public void Leave()
    {
        _isClosed = true;
        Connection.CloseAfterReply();
    }

    /// <summary>Keeps a command that may not run yet; the connection takes no other meanwhile.</summary>
    public void Hold(Arguments arguments)
    {
        _held = Arguments.CopyOf(arguments);
        Connection.Pause();
    }

    /// <summary>Runs the command that was kept, on the caller's thread, and goes on.</summary>
    public void RunHeld()
    {
        if (_held is not { } arguments || _isClosed)
            return;
        _held = null;
        _hasWaited = false;
        var answer = ReplyWriter.InMemory(Protocol);
        var turn = TrackingTurn.Begin(this);
        try
        {
            OnTurn();
            OnCommand(arguments, answer);
            Connection.Post(answer.ToArray());
        }
        finally
        {
            turn.End();
        }

        answer.Clear();
        if (!_hasWaited && _held is null)
            Connection.Resume();
    }

    /// <summary>As if it had just come.</summary>
    public void Reset()
    {
        EndTransaction();
        Subscriptions.Clear();
        StopTracking();
        Engine.Monitors.Remove(this);
        Select(Engine.Spaces.Clients, 0);
        (Protocol, Name, Replies, ReadsCopies) = (2, "", ReplyMode.All, false);
        Connection.Kind = ClientKind.Normal;
        Connection.IsAuthenticated = IsAuthenticated = !Engine.NeedsPassword;
    }

    /// <summary>Its commands are for a database of a space from now on.</summary>
    public void Select(Space space, int database)
    {
        (Space, Database) = (space, database);
        (_call.Space, _call.Database) = (space, database);
    }

    /// <summary>It has said who it is.</summary>
    public void Authenticate() => Connection.IsAuthenticated = IsAuthenticated = true;

    /// <summary>Wants to be told of no keys any more.</summary>
    public void StopTracking()
    {
        if (Tracker is { } tracker)
            Engine.StopTracking(tracker);
    }

    bool ITrackedClient.Send(ReadOnlySpan<byte> message) => Connection.Post(message);

    /// <summary>Whether it may ask for a command now; if not, that is the answer.</summary>
    public bool MayAsk(Command command, ReplyWriter reply)
    {
        if (!IsAuthenticated && !command.Is(CommandFlags.NoAuth))
        {
            reply.NoAuth();
            return false;
        }

        // In the older version of the protocol, answers and messages could not be told apart.
        if (Protocol == 2 && Subscriptions.Any && !command.Is(CommandFlags.WhileSubscribed))
        {
            reply.Error($"ERR Can't execute '{command.Name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context");
            return false;
        }

        return true;
    }

    /// <summary>Watches a key, whose shard's lock is held.</summary>
    public void Watch(in Key key)
    {
        if (KeyEvents.Of(key.Shard).Watch(key.Database, key.Name, this))
            Transaction.Watched.Add((key.Database, key.Name.ToArray()));
    }

    /// <summary>Watches no key any more.</summary>
    public void Unwatch()
    {
        foreach (var (database, key) in Transaction.Watched)
        {
            var shard = Space.Keyspace.ShardOf(key);
            lock (shard.Gate)
                KeyEvents.Of(shard).Unwatch(database, key, this);
        }

        Transaction.Watched.Clear();
    }

    /// <summary>Forgets what it has queued and watches.</summary>
    public void EndTransaction()
    {
        Unwatch();
        Transaction.Reset();
    }

    /// <summary>Waits until a key of the command is written, or the time is over. The locks of the keys are held.</summary>
    public void BeginWaiting(Call call, TimeSpan timeout, Action<ReplyWriter> giveUp)
    {
        var waiter = new Waiter(this, call.Command, Arguments.CopyOf(call.Arguments), giveUp);
        _hasWaited = true;
        Connection.Pause();
        Span<int> few = stackalloc int[CommandRunner.FewKeys];
        foreach (var place in CommandRunner.Places(call.Command, call.Arguments, few))
        {
            var shard = call.Keyspace.ShardOf(call[place]);
            KeyEvents.Of(shard).Await(Database, call[place], waiter);
        }

        _waiter = waiter;
        if (timeout > TimeSpan.Zero)
            waiter.EndAfter(timeout, Engine.Time, static w => w.Client.GiveUp(w));
    }

    /// <summary>It has its answer, which is sent, and goes on.</summary>
    public void EndWaiting(Waiter waiter, ReplyWriter answer)
    {
        if (Replies == ReplyMode.All)
            Connection.Post(answer.ToArray());
        _waiter = null;
        Connection.Resume();
        Forget(waiter);
    }

    /// <summary>Ends its waiting from outside, as if the time were over or with an error.</summary>
    /// <returns>Whether it waited.</returns>
    public bool Unblock(bool withError)
    {
        if (_waiter is not { } waiter)
            return false;
        var answer = ReplyWriter.InMemory(Protocol);
        if (withError)
            answer.Error("UNBLOCKED client unblocked via CLIENT UNBLOCK"u8);
        else
            waiter.GiveUp(answer);
        if (!EndWaitingFor(waiter, answer))
            return false;
        if (withError)
            Engine.Stats.Failed(waiter.Command, answer.LastErrorCode);
        return true;
    }

    /// <summary>Ends a waiting of its with an answer, unless it has ended.</summary>
    /// <returns>Whether it had not.</returns>
    public bool EndWaitingFor(Waiter waiter, ReplyWriter answer)
    {
        if (!waiter.TryEnd())
            return false;
        waiter.Dispose();
        EndWaiting(waiter, answer);
        return true;
    }

    private void Run(Arguments arguments, ReplyWriter reply)
    {
        reply.Protocol = Protocol;
        (_call.Arguments, _call.Reply, _call.Database) = (arguments, reply, Database);
        var passed = _call.Began - _turnAt;
        _call.Now = passed < Engine.TimestampsPerMillisecond ? _turnNow : _turnNow + (passed / Engine.TimestampsPerMillisecond);
        Engine.Runner.Run(_call);
        LastCommand = _call.Command;
    }

    private void RunMuted(Arguments arguments, ReplyWriter reply)
    {
        var here = reply.Here;
        if (Replies == ReplyMode.SkipNext)
            Replies = ReplyMode.SkipThis;
        Run(arguments, reply);

        // It may have asked for answers, beginning with its own.
        if (Replies == ReplyMode.All)
            return;
        if (Replies == ReplyMode.SkipThis)
            Replies = ReplyMode.All;
        reply.Rewind(here);
    }

    private static string TextOf(EndPoint? address) => address switch
    {
        null => "?:0",
        IPEndPoint => address.ToString()!,
        _ => $"{address}:0",
    };

    private void GiveUp(Waiter waiter)
    {
        if (!waiter.TryEnd())
            return;
        var answer = ReplyWriter.InMemory(Protocol);
        waiter.GiveUp(answer);
        waiter.Dispose();
        EndWaiting(waiter, answer);
    }

    private static void Forget(Waiter waiter)
    {
        foreach (var (key, place) in waiter.Places)
        {
            lock (key.Shard.Gate)
                KeyEvents.Of(key.Shard).Forget(key, place);
        }
    }
}

/// <summary>Which answers are sent to a client.</summary>
internal enum ReplyMode
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>All but the next one.</summary>
    SkipNext,

    /// <summary>All but that of the command that runs.</summary>
    SkipThis,

    /// <summary>None.</summary>
    None,
}
