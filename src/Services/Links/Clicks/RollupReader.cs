namespace Groundwork.Links.Clicks;

/// <summary>
/// Reads the bytes of a <see cref="Rollup"/> from front to back, making nothing of what nobody asks for. Each member throws
/// <see cref="InvalidDataException"/> where the bytes are no rollup; what was read before may then have been used.
/// </summary>
internal ref struct RollupReader
{
    private readonly (long Clicks, long Bots, long Previews, long Heads) _kinds;
    private ReadOnlySpan<byte> _rest;
    private long _values;

    public RollupReader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] != Rollup.Version)
            throw Damaged();
        _rest = bytes[1..];
        _kinds = (ReadNumber(), ReadNumber(), ReadNumber(), ReadNumber());
        _values = ReadNumber();
    }

    /// <summary>How many there were of a kind.</summary>
    public readonly long this[ClickKind kind] => kind switch
    {
        ClickKind.Click => _kinds.Clicks,
        ClickKind.Bot => _kinds.Bots,
        ClickKind.Preview => _kinds.Previews,
        _ => _kinds.Heads,
    };

    /// <summary>Goes to the next value; false after the last.</summary>
    /// <param name="dimension">Of what it is one.</param>
    /// <param name="value">UTF-8, of at most <see cref="Rollup.MaxValueBytes"/>.</param>
    /// <param name="clicks">How many had it.</param>
    public bool TryNext(out ClickDimension dimension, out ReadOnlySpan<byte> value, out long clicks)
    {
        dimension = default;
        value = default;
        clicks = 0;
        if (_values == 0)
            return false;
        if (_rest.IsEmpty || _rest[0] >= Rollup.Dimensions)
            throw Damaged();
        dimension = (ClickDimension)_rest[0];
        _rest = _rest[1..];
        clicks = ReadNumber();
        var length = ReadNumber();
        if (length > Rollup.MaxValueBytes || length > _rest.Length)
            throw Damaged();
        value = _rest[..(int)length];
        _rest = _rest[(int)length..];
        _values--;
        return true;
    }

    /// <summary>Adds the visitors to others, after what is left of the values.</summary>
    public void MergeVisitors(Groundwork.Primitives.HyperLogLog visitors)
    {
        while (TryNext(out _, out _, out _))
        {
        }

        if (visitors.MergeFrom(_rest) != _rest.Length)
            throw Damaged();
    }

    private static InvalidDataException Damaged() => new("These bytes are no rollup of clicks: the row is damaged, or a newer program wrote it.");

    private long ReadNumber()
    {
        ulong value = 0;
        for (var (at, shift) = (0, 0); at < _rest.Length && shift < 63; at++, shift += 7)
        {
            value |= (ulong)(_rest[at] & 0x7f) << shift;
            if (_rest[at] < 0x80)
            {
                _rest = _rest[(at + 1)..];
                return (long)value;
            }
        }

        throw Damaged();
    }
}
