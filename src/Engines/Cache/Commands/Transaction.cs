using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands;

/// <summary>
/// The commands that a client has queued, to be run together, and the keys that it watches meanwhile.
/// </summary>
internal sealed class Transaction
{
    private readonly List<(Command Command, Arguments Arguments)> _queue = [];
    private readonly List<(int Database, byte[] Key)> _watched = [];
    private volatile bool _spoiled;

    /// <summary>Whether commands are queued and not run.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether a command could not be queued, so that nothing will be run.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether a watched key was changed.</summary>
    public bool IsSpoiled => _spoiled;

    /// <summary>What is queued.</summary>
    public IReadOnlyList<(Command Command, Arguments Arguments)> Queue => _queue;

    /// <summary>What is watched.</summary>
    public List<(int Database, byte[] Key)> Watched => _watched;

    /// <summary>Whether anything queued may need memory.</summary>
    public bool NeedsMemory => _queue.Any(queued => queued.Command.Is(CommandFlags.DenyOom));

    /// <summary>The bytes of what is queued, about.</summary>
    public long Bytes { get; private set; }

    /// <summary>Begins to queue.</summary>
    public void Open() => IsOpen = true;

    /// <summary>Queues a command.</summary>
    public void Add(Command command, Arguments arguments)
    {
        _queue.Add((command, Arguments.CopyOf(arguments)));
        Bytes += arguments.Bytes + (16 * arguments.Count) + 64;
    }

    /// <summary>No watched key counts as changed any more; called with what was watched forgotten.</summary>
    public void ClearSpoiled() => _spoiled = false;

    /// <summary>A command could not be queued.</summary>
    public void Break() => IsBroken = IsOpen;

    /// <summary>A watched key was changed; by any thread.</summary>
    public void Spoil() => _spoiled = true;

    /// <summary>Begins anew; the keys that were watched are forgotten before.</summary>
    public void Reset()
    {
        _queue.Clear();
        (IsOpen, IsBroken, _spoiled, Bytes) = (false, false, false, 0);
    }
}
