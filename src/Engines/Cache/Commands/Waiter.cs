using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands;

/// <summary>
/// A command whose client waits for keys: it is run again when one of them was written, until it has something to answer, or its
/// time is over.
/// </summary>
/// <remarks>It stands in the queue of each of its keys, in several shards perhaps. Whoever ends it first (a writer, the time-out, the
/// client that leaves) wins, and the others pass over it. It is run again under the locks of its keys, so that one writer at a time
/// does.</remarks>
internal sealed class Waiter(Session client, Command command, Arguments arguments, Action<ReplyWriter> giveUp) : IDisposable
{
    private const int Waiting = 0;
    private const int Running = 1;
    private const int Ended = 2;

    private int _state;
    private ITimer? _timer;

    /// <summary>Who waits.</summary>
    public Session Client { get; } = client;

    /// <summary>What was asked for.</summary>
    public Command Command { get; } = command;

    /// <summary>With which arguments: a copy.</summary>
    public Arguments Arguments { get; } = arguments;

    /// <summary>The space in which the keys are.</summary>
    public Space Space { get; } = client.Space;

    /// <summary>The database in which the keys are.</summary>
    public int Database { get; } = client.Database;

    /// <summary>Its places among those who wait for its keys; written before anybody else knows of it.</summary>
    public List<(KeyWaiters Key, LinkedListNode<Waiter> Place)> Places { get; } = [];

    /// <summary>Writes the answer of a time that is over.</summary>
    public Action<ReplyWriter> GiveUp { get; } = giveUp;

    /// <summary>Whether it still waits.</summary>
    public bool IsWaiting => Volatile.Read(ref _state) == Waiting;

    /// <summary>Begins to run it again; true where it still waits, and then until <see cref="EndRun"/> nobody else ends it.</summary>
    public bool TryRun() => Interlocked.CompareExchange(ref _state, Running, Waiting) == Waiting;

    /// <summary>It was run again: it has its answer, or waits on.</summary>
    public void EndRun(bool answered) => Volatile.Write(ref _state, answered ? Ended : Waiting);

    /// <summary>Ends it; true for the one caller who did.</summary>
    public bool TryEnd()
    {
        var spin = default(SpinWait);
        while (true)
        {
            switch (Interlocked.CompareExchange(ref _state, Ended, Waiting))
            {
                case Waiting:
                    return true;
                case Ended:
                    return false;
            }

            // It runs, under the locks of its keys: no longer than any command.
            spin.SpinOnce();
        }
    }

    /// <summary>The command, to be run again; its answer is written to memory.</summary>
    public Call NewCall(KeyWaiters wokenBy, long now) => new(Client)
    {
        Command = Command,
        Arguments = Arguments,
        Reply = ReplyWriter.InMemory(Client.Protocol),
        Now = now,
        Space = Space,
        Database = Database,
        Waiter = this,
        WokenBy = wokenBy,
    };

    /// <summary>Sends its client the answer of a run that had one.</summary>
    public void Answer(ReplyWriter reply)
    {
        Dispose();
        Client.EndWaiting(this, reply);
    }

    /// <summary>Has it end after some time.</summary>
    public void EndAfter(TimeSpan time, TimeProvider clock, Action<Waiter> end) =>
        _timer = clock.CreateTimer(static state => { var (waiter, act) = ((Waiter, Action<Waiter>))state!; act(waiter); }, (this, end), time, Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();
}
