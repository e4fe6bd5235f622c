using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Groundwork.Platform.Caching.Drills;

/// <summary>A row of a drill's store: how often it was changed, from 1.</summary>
internal sealed record Row(long Version);

/// <summary>How rows lie in a cache, under their numbers.</summary>
internal sealed class RowCodec : ICacheCodec<int, Row>
{
    /// <inheritdoc/>
    public int WriteKey(int key, Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, key);
        return sizeof(int);
    }

    /// <inheritdoc/>
    public void Write(Row value, IBufferWriter<byte> destination)
    {
        BinaryPrimitives.WriteInt64BigEndian(destination.GetSpan(sizeof(long)), value.Version);
        destination.Advance(sizeof(long));
    }

    /// <inheritdoc/>
    public bool TryRead(ReadOnlySpan<byte> source, [NotNullWhen(true)] out Row? value)
    {
        value = source.Length == sizeof(long) ? new Row(BinaryPrimitives.ReadInt64BigEndian(source)) : null;
        return value is not null;
    }
}
