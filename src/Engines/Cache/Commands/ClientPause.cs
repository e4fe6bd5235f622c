
namespace Groundwork.Cache.Commands;

/// <summary>
/// Has clients wait with what they ask, for a time. Those who wait are served when it is over, on the thread that ends it, in the
/// order in which they came. Thread-safe; its lock is held while nothing else is taken.
/// </summary>
internal sealed class ClientPause(TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Session> _held = [];
    private volatile PauseKind _kind;
    private DateTimeOffset _until;
    private ITimer? _timer;

    /// <summary>Who waits.</summary>
    public PauseKind Kind => _kind;

    /// <summary>Begins, or goes on for longer: neither the time nor what waits gets less.</summary>
    public void Begin(PauseKind kind, TimeSpan length)
    {
        lock (_gate)
        {
            var until = time.GetUtcNow() + length;
            if (_kind != PauseKind.None && _until > until)
                until = _until;
            _until = until;
            _kind = (PauseKind)Math.Max((int)_kind, (int)kind);
            _timer?.Dispose();
            _timer = time.CreateTimer(static state => ((ClientPause)state!).EndIfOver(), this, until - time.GetUtcNow(), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends it now.</summary>
    public void End()
    {
        Session[] held;
        lock (_gate)
        {
            _kind = PauseKind.None;
            _timer?.Dispose();
            _timer = null;
            held = [.. _held];
            _held.Clear();
        }

        foreach (var client in held)
            client.RunHeld();
    }

    /// <summary>Has a client wait with a command, if it has to.</summary>
    public bool TryHold(Call call, Command command)
    {
        var client = call.Client;
        if (!Concerns(client, command))
            return false;
        lock (_gate)
        {
            if (!Concerns(client, command))
                return false;
            client.Hold(call.Arguments);
            _held.Add(client);
            return true;
        }
    }

    /// <summary>A client that has left does not wait any more.</summary>
    public void Forget(Session client)
    {
        lock (_gate)
            _held.Remove(client);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private bool Concerns(Session client, Command command) => _kind switch
    {
        PauseKind.None => false,
        PauseKind.Writes => MayWrite(command) || (command.Name == "exec" && client.Transaction.Queue.Any(queued => MayWrite(queued.Command))),
        _ => command.Name != "client|unpause",
    };

    private static bool MayWrite(Command command) => command.Is(CommandFlags.Write) || command.Name is "publish" or "spublish";

    private void EndIfOver()
    {
        lock (_gate)
        {
            if (_kind == PauseKind.None || time.GetUtcNow() < _until)
                return;
        }

        End();
    }
}

/// <summary>What waits.</summary>
internal enum PauseKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>What may change something.</summary>
    Writes,

    /// <summary>Everything.</summary>
    All,
}
