using Groundwork.Cache.Commands;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Sessions;

/// <summary>
/// A client: what it has said about itself, and what it is in the middle of.
/// </summary>
/// <remarks>Its commands come on one thread, one after the other. Other threads answer it while it waits (<see cref="EndWaiting"/>), and
/// spoil its transaction.</remarks>
internal sealed class Session : ClientSession
{
    private readonly Call _call;
    private Waiter? _waiter;

    public Session(CacheEngine engine, IClientConnection connection)
    {
        (Engine, Connection) = (engine, connection);
        _call = new Call(this);
        IsAuthenticated = !engine.NeedsPassword;
        connection.IsAuthenticated = IsAuthenticated;
        engine.Clients.Add(this);
    }

    /// <summary>Where it is a client.</summary>
    public CacheEngine Engine { get; }

    /// <summary>How it is reached.</summary>
    public IClientConnection Connection { get; }

    /// <summary>The database that its commands are for.</summary>
    public int Database { get; set; }

    /// <summary>The version of the protocol: 2 or 3.</summary>
    public int Protocol { get; set; } = 2;

    /// <summary>What it calls itself.</summary>
    public string Name { get; set; } = "";

    /// <summary>Whether it has said who it is, where that is asked.</summary>
    public bool IsAuthenticated { get; private set; }

    /// <summary>What it has queued and watches.</summary>
    public Transaction Transaction { get; } = new();

    /// <summary>What it is waiting for; null where it does not.</summary>
    public Waiter? Waiter => _waiter;

    /// <summary>The command that it asked for last.</summary>
    public Command? LastCommand { get; private set; }

    /// <inheritdoc/>
    public override void OnCommand(Arguments arguments, ReplyWriter reply)
    {
        reply.Protocol = Protocol;
        (_call.Arguments, _call.Reply, _call.Now, _call.Database) = (arguments, reply, Engine.Keyspace.Now, Database);
        Engine.Runner.Run(_call);
        LastCommand = _call.Command;
    }

    /// <inheritdoc/>
    public override void OnClosed(CloseReason reason)
    {
        Engine.Clients.Remove(this);
        if (_waiter is { } waiter && waiter.TryEnd())
            Forget(waiter);
        Unwatch();
    }

    /// <summary>It has said who it is.</summary>
    public void Authenticate() => Connection.IsAuthenticated = IsAuthenticated = true;

    /// <summary>Whether it may ask for a command now; if not, that is the answer.</summary>
    public bool MayAsk(Command command, ReplyWriter reply)
    {
        if (!IsAuthenticated && !command.Is(CommandFlags.NoAuth))
        {
            reply.Error(Errors.NoAuth);
            return false;
        }

        return true;
    }

    /// <summary>Watches a key, whose shard's lock is held.</summary>
    public void Watch(in Key key)
    {
        Engine.EventsOf(key.Shard).Watch(key.Database, key.Name, this);
        Transaction.Watched.Add((key.Database, key.Name.ToArray()));
    }

    /// <summary>Watches no key any more.</summary>
    public void Unwatch()
    {
        foreach (var (database, key) in Transaction.Watched)
        {
            var shard = Engine.Keyspace.ShardOf(key);
            lock (shard.Gate)
                Engine.EventsOf(shard).Unwatch(database, key, this);
        }

        Transaction.Watched.Clear();
    }

    /// <summary>Waits until a key of the command is written, or the time is over. The locks of the keys are held.</summary>
    public void BeginWaiting(Call call, TimeSpan timeout, Action<ReplyWriter> giveUp)
    {
        var waiter = new Waiter(this, call.Command, Arguments.CopyOf(call.Arguments), giveUp);
        _waiter = waiter;
        Connection.Pause();
        Span<int> places = stackalloc int[64];
        var count = Math.Min(places.Length, call.Command.Keys.Find(call.Arguments, places));
        foreach (var place in places[..count])
            Engine.EventsOf(call.Keyspace.ShardOf(call[place])).Await(Database, call[place], waiter);
        if (timeout > TimeSpan.Zero)
            waiter.EndAfter(timeout, Engine.Time, static w => w.Client.GiveUp(w));
    }

    /// <summary>It has its answer, which is sent, and goes on.</summary>
    public void EndWaiting(Waiter waiter, ReplyWriter answer)
    {
        Connection.Post(answer.ToArray());
        _waiter = null;
        Connection.Resume();
        Forget(waiter);
    }

    /// <summary>Ends its waiting from outside, as if the time were over or with an error.</summary>
    /// <returns>Whether it waited.</returns>
    public bool Unblock(bool withError)
    {
        if (_waiter is not { } waiter || !waiter.TryEnd())
            return false;
        var answer = ReplyWriter.InMemory(Protocol);
        if (withError)
            answer.Error("UNBLOCKED client unblocked via CLIENT UNBLOCK"u8);
        else
            waiter.GiveUp(answer);
        waiter.Dispose();
        EndWaiting(waiter, answer);
        return true;
    }

    private void GiveUp(Waiter waiter)
    {
        if (!waiter.TryEnd())
            return;
        var answer = ReplyWriter.InMemory(Protocol);
        waiter.GiveUp(answer);
        waiter.Dispose();
        EndWaiting(waiter, answer);
    }

    private void Forget(Waiter waiter)
    {
        Span<int> places = stackalloc int[64];
        var count = Math.Min(places.Length, waiter.Command.Keys.Find(waiter.Arguments, places));
        foreach (var place in places[..count])
        {
            var shard = Engine.Keyspace.ShardOf(waiter.Arguments[place]);
            lock (shard.Gate)
                Engine.EventsOf(shard).Forget(waiter.Database, waiter.Arguments[place]);
        }
    }
}
