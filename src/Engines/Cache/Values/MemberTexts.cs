using Groundwork.Cache.Memory;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Values;

/// <summary>Gives members of sets as bytes in one piece, each until the next is asked for.</summary>
/// <param name="chunks">Where long items are.</param>
/// <param name="scratch">For numbers: at least <see cref="PackedItem.ScratchBytes"/>.</param>
internal ref struct MemberTexts(Chunks chunks, Span<byte> scratch) : IDisposable
{
    private readonly Span<byte> _scratch = scratch;
    private ItemBytes _items = new(chunks);

    /// <summary>A member's bytes: where they stand, or a copy.</summary>
    public ReadOnlySpan<byte> Of(SetMember member) => member.IsNumber ? member.NumberText(_scratch) : _items.Of(member.Item);

    /// <inheritdoc/>
    public void Dispose() => _items.Dispose();
}
