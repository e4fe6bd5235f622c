using Groundwork.Broker.Storage;

namespace Groundwork.Broker.Journals;

/// <summary>One of a journal's two files: written from its beginning to its end, and from its beginning again once nothing in it is needed.</summary>
/// <remarks>Its length is fixed, and taken from the disk when it is made: what is acknowledged by it never finds the disk full. Not thread-safe.</remarks>
internal sealed class JournalHalf(IDiskFile file, long bytes) : IDisposable
{
    private byte[] _head = new byte[JournalFrame.Alignment];
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];

    /// <summary>Where the next frame begins.</summary>
    public long At { get; private set; }

    /// <summary>Whether a frame of so many bytes still fits. One that is larger than all of it has it for itself.</summary>
    public bool HasRoom(long frameBytes) => At == 0 || At + frameBytes <= bytes;

    /// <summary>Begins anew.</summary>
    public void Rewind() => At = 0;

    /// <summary>Writes a frame; it lasts when this returns.</summary>
    public void Write(ulong sequence, IReadOnlyList<JournalEntry> entries, long contentBytes)
    {
        var headBytes = JournalFrame.HeadLength(entries.Count);
        var length = JournalFrame.Length(entries.Count, contentBytes);
        var filling = (int)(length - headBytes - contentBytes);
        if (_head.Length < headBytes + filling)
            _head = new byte[headBytes + JournalFrame.Alignment];
        JournalFrame.WriteHead(_head, sequence, entries);
        _pieces.Clear();
        _pieces.Add(_head.AsMemory(0, headBytes));
        for (var i = 0; i < entries.Count; i++)
        {
            if (!entries[i].Content.IsEmpty)
                _pieces.Add(entries[i].Content);
        }

        _head.AsSpan(headBytes, filling).Clear();
        if (filling > 0)
            _pieces.Add(_head.AsMemory(headBytes, filling));
        file.Write(_pieces, At);
        file.Sync();
        At += length;
    }

    /// <summary>Reads the frame that begins at a place; null where none does that could have been written.</summary>
    /// <param name="at">A multiple of <see cref="JournalFrame.Alignment"/>.</param>
    public JournalRead? Read(long at)
    {
        Span<byte> start = stackalloc byte[JournalFrame.HeadBytes];
        if (file.Read(start, at) < start.Length || !JournalFrame.TryReadHead(start, out var sequence, out var count, out var contentBytes))
            return null;
        var needed = (long)JournalFrame.HeadLength(count) + contentBytes;
        if (needed > file.Length - at)
            return null;
        var frame = new byte[needed];
        _ = file.Read(frame, at);
        return JournalFrame.TryRead(frame, out var entries, out var damaged)
            ? new JournalRead(sequence, entries, damaged, at + JournalFrame.Length(count, contentBytes))
            : null;
    }

    /// <summary>The first place from one on where a frame begins that is not older than a sequence; null where there is none.</summary>
    public long? Find(long from, ulong sequence)
    {
        Span<byte> start = stackalloc byte[JournalFrame.HeadBytes];
        for (var at = from; at + start.Length <= file.Length; at += JournalFrame.Alignment)
        {
            if (file.Read(start, at) == start.Length && JournalFrame.TryReadHead(start, out var found, out _, out _) && found >= sequence && Read(at) is not null)
                return at;
        }

        return null;
    }

    public void Dispose() => file.Dispose();
}

/// <summary>A frame that was read.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Entries">Those that are intact.</param>
/// <param name="Damaged">How many are not.</param>
/// <param name="Next">Where the next frame begins.</param>
internal sealed record JournalRead(ulong Sequence, IReadOnlyList<JournalEntry> Entries, int Damaged, long Next);
