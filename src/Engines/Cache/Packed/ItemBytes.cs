using System.Buffers;
using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Packed;

/// <summary>Gives items' bytes in one piece, whatever their form: those that do not stand in one are copied to a pooled array.</summary>
internal ref struct ItemBytes(Chunks chunks)
{
    private byte[]? _rented;

    /// <summary>An item's bytes; good until the next call, and while the item is.</summary>
    public ReadOnlySpan<byte> Of(PackedItem item)
    {
        if (item is { IsNumber: false, IsChained: false })
        {
            item.TryGetBytes([], out var bytes);
            return bytes;
        }

        var length = item.Length;
        if (_rented is null || _rented.Length < length)
        {
            Dispose();
            _rented = ArrayPool<byte>.Shared.Rent(Math.Max(length, PackedItem.ScratchBytes));
        }

        item.CopyTo(chunks, _rented);
        return _rented.AsSpan(0, length);
    }

    /// <summary>Gives the array back.</summary>
    public void Dispose()
    {
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
        _rented = null;
    }
}
