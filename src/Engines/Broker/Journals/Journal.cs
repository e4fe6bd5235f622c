using Groundwork.Broker.Storage;

namespace Groundwork.Broker.Journals;

/// <summary>
/// Where what is appended to any log becomes durable, by one sync for all of them: a frame for each round of the
/// <see cref="Committer"/>, in two files that are written in turn. Logs follow in their own files without a sync; before a half is
/// used again, they are synced (a checkpoint).
/// </summary>
/// <remarks>
/// <para>Rejected: a sync of each log's own file, which for a hundred files takes thirty times as long (decision 0011); <c>syncfs</c>, which waits for
/// everybody else's writes too.</para>
/// <para>Frames are numbered without gaps. A frame is written when the one before it is durable; so the last one may be torn by a
/// crash, and was then never acknowledged. One that is damaged and has others behind it was: that is reported.</para>
/// <para>Not thread-safe: the committer's thread writes; only <see cref="Free"/> may be called by others.</para>
/// </remarks>
internal sealed class Journal : IDisposable
{
    private const string Folder = "journal";

    private readonly JournalHalf[] _halves = new JournalHalf[2];
    private readonly SemaphoreSlim _free = new(1, 1);
    private int _active;

    /// <param name="disk">Where its two files lie.</param>
    /// <param name="bytes">How long both are together.</param>
    public Journal(IDisk disk, long bytes)
    {
        disk.CreateFolder(Folder);
        var half = Math.Max(JournalFrame.Alignment, bytes / 2 / JournalFrame.Alignment * JournalFrame.Alignment);
        for (var i = 0; i < _halves.Length; i++)
        {
            var file = disk.Open($"{Folder}/{i}.journal");
            file.Reserve(half);
            _halves[i] = new JournalHalf(file, half);
        }

        disk.SyncFolder(Folder);
    }

    /// <summary>The number of the next frame.</summary>
    public ulong Next { get; private set; }

    /// <summary>Reads what was written from a frame on. To be done once, before anything is written; afterwards the journal begins anew.</summary>
    /// <param name="from">The number of the first frame that a checkpoint does not cover.</param>
    /// <param name="entry">Is given each entry, in the order in which they were written.</param>
    /// <returns>What is damaged, a sentence each.</returns>
    public IReadOnlyList<string> Replay(ulong from, Action<JournalEntry> entry)
    {
        var damages = new List<string>();
        Next = from;

        // The half that holds the oldest frame that is needed comes first.
        var firsts = _halves.Select((half, i) => (Half: half, First: half.Read(0)?.Sequence ?? ulong.MaxValue, Index: i)).OrderBy(h => h.First).ToList();
        foreach (var (half, _, index) in firsts)
            ReplayHalf(half, index, damages, entry);
        foreach (var half in _halves)
            half.Rewind();
        return damages;
    }

    /// <summary>Writes a frame; it lasts when this returns. Where the half is full, the other one is begun, once it is free.</summary>
    /// <param name="entries">What it holds.</param>
    /// <param name="contentBytes">The sum of their contents.</param>
    /// <param name="turned">Called when a half is full, with the number of the first frame of the other one: what is before it wants a checkpoint, after which <see cref="Free"/> is called.</param>
    /// <param name="cancellationToken">Ends the wait for the other half.</param>
    public void Write(IReadOnlyList<JournalEntry> entries, long contentBytes, Action<ulong> turned, CancellationToken cancellationToken)
    {
        if (!_halves[_active].HasRoom(JournalFrame.Length(entries.Count, contentBytes)))
        {
            _free.Wait(cancellationToken);
            _active = 1 - _active;
            _halves[_active].Rewind();
            turned(Next);
        }

        _halves[_active].Write(Next, entries, contentBytes);
        Next++;
    }

    /// <summary>The half that is not written to is no longer needed.</summary>
    public void Free() => _free.Release();

    public void Dispose()
    {
        foreach (var half in _halves)
            half.Dispose();
        _free.Dispose();
    }

    private void ReplayHalf(JournalHalf half, int index, List<string> damages, Action<JournalEntry> entry)
    {
        for (long at = 0; ;)
        {
            var frame = half.Read(at);
            if (frame is not null && frame.Sequence < Next)
            {
                // Covered by the checkpoint, or left from an earlier lap.
                at = frame.Next;
                if (half.Find(at, Next) is not { } later)
                    return;
                at = later;
                continue;
            }

            var found = frame is null ? half.Find(at, Next) : at;
            if (found is not { } place)
                return;
            frame = half.Read(place)!;
            if (frame.Sequence != Next)
                damages.Add($"Frames {Next} to {frame.Sequence - 1} of the journal cannot be read; half {index} goes on at byte {place} with {frame.Sequence}.");

            // A damaged last frame is one that a crash cut short: none of it was acknowledged.
            if (frame.Damaged > 0 && half.Find(frame.Next, frame.Sequence + 1) is null)
                return;
            if (frame.Damaged > 0)
                damages.Add($"{frame.Damaged} entries of frame {frame.Sequence} of the journal are damaged.");
            foreach (var one in frame.Entries)
                entry(one);
            Next = frame.Sequence + 1;
            at = frame.Next;
        }
    }
}
