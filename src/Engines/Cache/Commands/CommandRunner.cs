using Groundwork.Cache.Commands.Cluster;
using Groundwork.Cache.Commands.Tracking;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands;

/// <summary>
/// Runs a client's commands, on the thread that brought them.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>The command is found, and its number of arguments checked.</item>
/// <item>The client may ask for it: it has said who it is, it is not subscribed, it is not collecting a transaction.</item>
/// <item>The shards of its keys are locked, in the order of their numbers.</item>
/// <item>Where there is a cluster, its keys are this node's. Where it may need memory, room is made; from here on nothing moves.</item>
/// <item>It runs, and its answer is written.</item>
/// <item>Clients that waited for a key that it wrote are served, in the order in which they came, after the locks are freed.</item>
/// </list>
/// <para>Any number of threads, each with its own client. Long for a file: the ways in (one command, a transaction, a client that waited) share
/// how locks are taken, which is easier to trust where all of them are seen together.</para>
/// </remarks>
internal sealed class CommandRunner(CacheEngine engine)
{
    // Commands with more keys find their places in an array of the pool.
    internal const int FewKeys = 64;

    // What a command takes beside its arguments' bytes: the entry's header and a share of the index.
    private const int EntryBytes = 64;

    /// <summary>Runs one command of a client.</summary>
    public void Run(Call call)
    {
        var (client, arguments, reply) = (call.Client, call.Arguments, call.Reply);

        // 1.
        var command = engine.Commands.Find(arguments, call.Command);
        if (command is null)
        {
            reply.Error(engine.Commands.DescribeUnknown(arguments));
            Refused(client, command, reply);
            return;
        }

        if (!command.Accepts(arguments.Count))
        {
            Refuse(client, command, reply);
            Refused(client, command, reply);
            return;
        }

        // 2.
        call.Command = command;
        if (!client.MayAsk(command, reply))
        {
            Refused(client, command, reply);
            return;
        }

        if (engine.Pause.Kind != PauseKind.None && engine.Pause.TryHold(call, command))
            return;

        if (client.Transaction.IsOpen && !command.Is(CommandFlags.Transaction))
        {
            Queue(call, command);
            return;
        }

        // The end of a transaction is shown behind what is in it.
        var isShownAfter = engine.Monitors.Any && command.Name == "exec";
        if (engine.Monitors.Any && !isShownAfter)
            engine.Monitors.Show(call, command);
        (call.InTransaction, call.Changes) = (false, 0);
        call.ErrorsBefore = reply.Errors;
        if (engine.Tracking.IsOn)
            RunTracked(call);
        else
            RunLocked(call);
        if (isShownAfter)
            engine.Monitors.Show(call, command);
        Ran(call, command, arguments);
    }

    /// <summary>Runs what a client has queued, under the locks of all of it, so that nothing comes between.</summary>
    /// <returns>False where a watched key was changed, and nothing was run; where it is another node's to run, that is the answer.</returns>
    public bool RunTransaction(Call call)
    {
        var transaction = call.Client.Transaction;
        var asked = (call.Command, call.Arguments);
        Span<ulong> bits = stackalloc ulong[ShardSet.Words];
        bits.Clear();
        var shards = new ShardSet(bits);
        var keyspace = call.Keyspace;
        foreach (var (command, arguments) in transaction.Queue)
            AddShards(keyspace, command, arguments, shards);
        foreach (var (_, key) in transaction.Watched)
            shards.Add(keyspace.ShardOf(key));

        shards.Enter(keyspace.Shards);
        try
        {
            if (transaction.IsSpoiled || AnyExpired(keyspace, transaction, call.Now))
                return false;
            if (engine.Cluster.IsOn && !SlotGate.AdmitsQueue(call))
                return true;
            call.Reply.ArrayHeader(transaction.Queue.Count);
            call.InTransaction = true;
            foreach (var (command, arguments) in transaction.Queue)
            {
                (call.Command, call.Arguments) = (command, arguments);
                if (engine.Monitors.Any)
                    engine.Monitors.Show(call, command);
                RunCommand(call, FirstShard(keyspace, command, arguments));
                Ran(call, command, arguments);
            }
        }
        finally
        {
            (call.InTransaction, call.Command, call.Arguments) = (false, asked.Command, asked.Arguments);
            shards.Exit(keyspace.Shards);
        }

        ServeReady(keyspace, shards);
        return true;
    }

    private void Queue(Call call, Command command)
    {
        var (client, arguments, reply) = (call.Client, call.Arguments, call.Reply);
        if (command.Is(CommandFlags.NoMulti))
        {
            reply.Error("ERR Command not allowed inside a transaction"u8);
            Refused(client, command, reply);
            return;
        }

        if (command.Is(CommandFlags.DenyOom) && client.Space.Keyspace.IsFullForGood)
        {
            reply.OutOfMemory();
            Refused(client, command, reply);
            return;
        }

        if (engine.Cluster.IsOn && !SlotGate.Admits(call))
        {
            Refused(client, command, reply);
            return;
        }

        client.Transaction.Add(command, arguments);
        reply.Queued();
    }

    private static void Refuse(Session client, Command command, ReplyWriter reply)
    {
        if (command.Name != "exec")
        {
            reply.WrongArity(command.Name);
            return;
        }

        reply.Error("EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command"u8);
        client.EndTransaction();
    }

    // A transaction that a command could not be queued in will not run.
    private void Refused(Session client, Command? command, ReplyWriter reply)
    {
        client.Transaction.Break();
        engine.Stats.CountError(reply.LastErrorCode);
        if (command is not null)
            engine.Stats.Of(command).Rejected++;
    }

    // One timestamp a command: the end of one is the beginning of the next.
    private void Ran(Call call, Command command, Arguments arguments)
    {
        var ended = engine.Time.GetTimestamp();
        var nanoseconds = (ended - call.Began) * engine.NanosecondsPerTimestamp;
        call.Began = ended;
        var failed = call.Reply.Errors != call.ErrorsBefore;
        call.ErrorsBefore = call.Reply.Errors;
        if (call.IsRefused)
        {
            call.IsRefused = false;
            engine.Stats.Of(command).Rejected++;
        }
        else
        {
            engine.Stats.Ran(command, nanoseconds, failed);
        }

        if (failed)
            engine.Stats.CountError(call.Reply.LastErrorCode);
        if (nanoseconds >= engine.SlowLog.ThresholdNanoseconds && !command.Is(CommandFlags.Transaction))
            engine.SlowLog.Add(call.Client, command, arguments, nanoseconds, call.Keyspace.Now);
    }

    // What its client said of the next command holds for this one, and where a transaction began, until that has run.
    private void RunTracked(Call call)
    {
        var (client, command) = (call.Client, call.Command);
        var turn = TrackingTurn.Begin(client);
        try
        {
            RunLocked(call);
        }
        finally
        {
            turn.End();
        }

        if (client.Tracker is { IsCachingSaid: true } tracker && !command.Name.StartsWith("client|", StringComparison.Ordinal) && !client.Transaction.IsOpen)
            tracker.IsCachingSaid = false;
    }

    private void RunLocked(Call call)
    {
        var (keyspace, keys) = (call.Keyspace, call.Command.Keys);
        if (keys == KeyPositions.One && !call.Command.Is(CommandFlags.AllShards))
        {
            var shard = keyspace.ShardOf(call[1]);
            call.OnlyShard = shard;
            lock (shard.Gate)
            {
                if (!engine.Cluster.IsOn || SlotGate.Admits(call))
                    RunCommand(call, shard);
            }

            Serve(keyspace, shard);
            return;
        }

        call.OnlyShard = null;
        if (keys == KeyPositions.None && !call.Command.Is(CommandFlags.AllShards))
        {
            call.Command.Run(call);
            return;
        }

        Span<ulong> bits = stackalloc ulong[ShardSet.Words];
        bits.Clear();
        var shards = new ShardSet(bits);
        AddShards(keyspace, call.Command, call.Arguments, shards);
        shards.Enter(keyspace.Shards);
        try
        {
            if (!engine.Cluster.IsOn || SlotGate.Admits(call))
                RunCommand(call, FirstShard(keyspace, call.Command, call.Arguments));
        }
        finally
        {
            shards.Exit(keyspace.Shards);
        }

        ServeReady(keyspace, shards);
    }

    private void RunCommand(Call call, Shard? shard)
    {
        // 4.
        var command = call.Command;
        if (command.Is(CommandFlags.Write) && shard is not null)
        {
            if (command.Keys != KeyPositions.One)
                ExpireKeys(call);
            if (!FitKeys(call))
            {
                call.Reply.KeyTooLong();
                call.IsRefused = true;
                return;
            }

            var bytes = call.Arguments.Bytes + (EntryBytes * call.Count) + (command.ExtraBytes?.Invoke(call) ?? 0);

            // Nobody leaves for what could not be kept anyway.
            var mustFit = command.Is(CommandFlags.DenyOom);
            if ((mustFit && !call.Keyspace.CouldFit(bytes)) || (!call.Keyspace.MakeRoom(shard, bytes, call.Now) && mustFit))
            {
                call.Reply.OutOfMemory();
                call.IsRefused = true;
                return;
            }
        }

        if (call.Client.Tracker is { } tracker && command.Is(CommandFlags.ReadOnly) && tracker.Registers)
            Register(call, tracker);

        // 5.
        command.Run(call);
    }

    // Before they are read: so no change comes between. A key whose time is over goes first, for its going would be told as a change.
    private void Register(Call call, Tracker tracker)
    {
        ExpireKeys(call);
        Span<int> few = stackalloc int[FewKeys];
        foreach (var place in Places(call.Command, call.Arguments, few))
            KeyEvents.Of(call.Keyspace.ShardOf(call[place])).Tracked.Add(call[place], tracker);
    }

    // What a command has looked up is good until an entry goes: so none may go because its time is over while others are looked up.
    private void ExpireKeys(Call call)
    {
        Span<int> few = stackalloc int[FewKeys];
        foreach (var place in Places(call.Command, call.Arguments, few))
            call.Keyspace.ShardOf(call[place]).Find(call.Database, call[place], call.Now);
    }

    private bool FitKeys(Call call)
    {
        if (call.Arguments.Bytes <= Entry.MaxKeyBytes)
            return true;
        Span<int> few = stackalloc int[FewKeys];
        var places = Places(call.Command, call.Arguments, few);
        foreach (var place in places)
        {
            if (call[place].Length > Entry.MaxKeyBytes)
                return false;
        }

        return true;
    }

    /// <summary>Which of a command's arguments are keys.</summary>
    internal static ReadOnlySpan<int> Places(Command command, Arguments arguments, Span<int> few)
    {
        var count = command.Keys.Find(arguments, few);
        if (count <= few.Length)
            return few[..count];
        var many = new int[count];
        command.Keys.Find(arguments, many);
        return many;
    }

    private static void AddShards(Keyspace keyspace, Command command, Arguments arguments, ShardSet shards)
    {
        if (command.Is(CommandFlags.AllShards))
        {
            foreach (var shard in keyspace.Shards)
                shards.Add(shard);
            return;
        }

        Span<int> few = stackalloc int[FewKeys];
        foreach (var place in Places(command, arguments, few))
            shards.Add(keyspace.ShardOf(arguments[place]));
    }

    private static Shard? FirstShard(Keyspace keyspace, Command command, Arguments arguments)
    {
        Span<int> one = stackalloc int[1];
        return command.Keys.Find(arguments, one) > 0 ? keyspace.ShardOf(arguments[one[0]])
            : command.Is(CommandFlags.AllShards) ? keyspace.Shards[0]
            : null;
    }

    private static bool AnyExpired(Keyspace keyspace, Transaction transaction, long now)
    {
        // A watched key whose time is over was changed, also if nobody has looked since.
        foreach (var (database, key) in transaction.Watched)
            keyspace.ShardOf(key).Find(database, key, now);
        return transaction.IsSpoiled;
    }

    /// <summary>Serves clients that wait for a key of a shard that was written; its lock is not held.</summary>
    public void Serve(Keyspace keyspace, Shard shard)
    {
        if (!KeyEvents.Of(shard).HasReady)
            return;
        Span<ulong> bits = stackalloc ulong[ShardSet.Words];
        bits.Clear();
        var shards = new ShardSet(bits);
        shards.Add(shard);
        ServeReady(keyspace, shards);
    }

    // 6. Who is served may write other keys, for which others wait: their shards are added, and looked at in turn.
    private void ServeReady(Keyspace keyspace, ShardSet shards)
    {
        var any = true;
        while (any)
        {
            any = false;
            foreach (var shard in keyspace.Shards)
            {
                var events = KeyEvents.Of(shard);
                if (!events.HasReady || !shards.Contains(shard))
                    continue;
                KeyWaiters? key;
                Waiter[] waiting;
                lock (shard.Gate)
                    key = events.TakeReady(out waiting);
                if (key is null)
                    continue;
                any = true;
                ServeKey(key, waiting, shards);
            }
        }
    }

    // Once the key is not there any more, it is for the next writer to go on, from the first one who still waits. Who does not wait
    // may come between a write and those who do: as if it had asked a moment earlier.
    private void ServeKey(KeyWaiters key, Waiter[] waiting, ShardSet shards)
    {
        foreach (var waiter in waiting)
        {
            var call = waiter.NewCall(key, waiter.Space.Keyspace.Now);
            var turn = engine.Tracking.IsOn ? TrackingTurn.Begin(call.Client) : null;
            try
            {
                RunAgain(call, waiter, shards);
                if (!call.WaitsOn)
                    waiter.Answer(call.Reply);
            }
            finally
            {
                turn?.End();
            }

            if (call.IsKeyGone)
                return;
        }
    }

    // Nobody else ends the waiting while the command runs.
    private void RunAgain(Call call, Waiter waiter, ShardSet served)
    {
        Span<ulong> bits = stackalloc ulong[ShardSet.Words];
        bits.Clear();
        var shards = new ShardSet(bits);
        var keyspace = call.Keyspace;
        AddShards(keyspace, call.Command, call.Arguments, shards);
        served.Add(shards);
        shards.Enter(keyspace.Shards);
        try
        {
            call.WaitsOn = !waiter.TryRun();
            if (!call.WaitsOn)
            {
                RunCommand(call, FirstShard(keyspace, call.Command, call.Arguments));
                waiter.EndRun(answered: !call.WaitsOn);
            }

            var key = call.WokenBy!;
            call.IsKeyGone = !key.Shard.Find(key.Database, key.Key, call.Now).Exists;
        }
        finally
        {
            shards.Exit(keyspace.Shards);
        }
    }
}
