namespace Groundwork.Broker.Protocol;

/// <summary>
/// The batches of one partition in a message, as bytes: none (null), one piece, or several that follow one another, which
/// are written as one field. What is read is always one piece, a slice of the message.
/// </summary>
internal readonly struct RecordBytes
{
    private readonly ReadOnlyMemory<byte> _piece;
    private readonly IReadOnlyList<ReadOnlyMemory<byte>>? _pieces;
    private readonly bool _present;

    public RecordBytes(ReadOnlyMemory<byte> piece)
    {
        _piece = piece;
        _present = true;
        Length = piece.Length;
    }

    /// <summary>The list must not change until the message is written, nor the bytes until it is sent.</summary>
    public RecordBytes(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        _pieces = pieces;
        _present = true;
        for (var i = 0; i < pieces.Count; i++)
            Length = checked(Length + pieces[i].Length);
    }

    /// <summary>No batches, not even none.</summary>
    public static RecordBytes Null => default;

    public bool IsNull => !_present;

    /// <summary>All bytes; 0 where there are none.</summary>
    public int Length { get; }

    /// <summary>How many pieces there are.</summary>
    public int Count => _pieces?.Count ?? (_present ? 1 : 0);

    /// <summary>A piece, from 0 to <see cref="Count"/>.</summary>
    public ReadOnlyMemory<byte> this[int index] => _pieces is null ? _piece : _pieces[index];

    /// <summary>The bytes in one piece: where there are several, or none, a copy.</summary>
    public ReadOnlyMemory<byte> Join()
    {
        if (_pieces is null)
            return _piece;
        var joined = new byte[Length];
        var at = 0;
        foreach (var piece in _pieces)
        {
            piece.CopyTo(joined.AsMemory(at));
            at += piece.Length;
        }

        return joined;
    }
}
