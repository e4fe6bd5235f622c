namespace Groundwork.Links.Clicks;

/// <summary>
/// The clicks of a link within an hour that are not written yet. Most links are clicked once in a while: a first click is kept
/// as it is, in a fifth of a rollup's memory, and only a second one makes a rollup. Not for concurrent use.
/// </summary>
internal sealed class PendingClicks(long number, long hour, long part, long since)
{
    // Itself with its first click, its places in the order and in the index.
    private const int OwnBytes = 200;

    private ReadClick _first;
    private bool _isEmpty = true;
    private Rollup? _rollup;

    /// <summary>Which link.</summary>
    public long Number { get; } = number;

    /// <summary>Which hour, counted from 1970.</summary>
    public long Hour { get; } = hour;

    /// <summary>Under which name it is written.</summary>
    public long Part { get; } = part;

    /// <summary>Since when it is kept, as a timestamp.</summary>
    public long Since { get; } = since;

    /// <summary>Whether it is written, or dropped.</summary>
    public bool IsWritten { get; set; }

    /// <summary>About how much memory it takes, in bytes.</summary>
    public int MemoryBytes => OwnBytes + (_rollup?.MemoryBytes ?? 0);

    /// <summary>Adds a click.</summary>
    public void Add(in ReadClick click)
    {
        if (_isEmpty)
        {
            (_first, _isEmpty) = (click, false);
            return;
        }

        click.AddTo(_rollup ??= OfFirst());
    }

    /// <summary>As it is stored.</summary>
    public byte[] ToBytes() => (_rollup ?? OfFirst()).ToBytes();

    private Rollup OfFirst()
    {
        var rollup = new Rollup();
        _first.AddTo(rollup);
        return rollup;
    }
}
