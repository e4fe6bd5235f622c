using System.Buffers;
using Groundwork.Cache.Memory;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Values;

/// <summary>Gives items as bytes in one piece, each until the next is asked for.</summary>
/// <param name="scratch">For numbers: at least <see cref="PackedItem.ScratchBytes"/>.</param>
internal ref struct ItemBytes(Span<byte> scratch) : IDisposable
{
    private readonly Span<byte> _scratch = scratch;
    private byte[]? _rented;

    /// <summary>An item's bytes: where they stand, or a copy.</summary>
    public ReadOnlySpan<byte> Of(PackedItem item, Chunks chunks)
    {
        if (item.TryGetBytes(_scratch, out var bytes))
            return bytes;
        var length = item.Length;
        if (_rented is null || _rented.Length < length)
        {
            Dispose();
            _rented = ArrayPool<byte>.Shared.Rent(length);
        }

        item.CopyTo(chunks, _rented);
        return _rented.AsSpan(0, length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
        _rented = null;
    }
}
