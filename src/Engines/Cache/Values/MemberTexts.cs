using Groundwork.Cache.Memory;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Values;

/// <summary>Gives members of sets as bytes in one piece, each until the next is asked for.</summary>
/// <param name="scratch">For numbers: at least <see cref="PackedItem.ScratchBytes"/>.</param>
internal ref struct MemberTexts(Span<byte> scratch) : IDisposable
{
    private readonly Span<byte> _scratch = scratch;
    private ItemBytes _items = new(scratch);

    /// <summary>A member's bytes: where they stand, or a copy.</summary>
    public ReadOnlySpan<byte> Of(SetMember member, Chunks chunks) =>
        member.IsNumber ? member.NumberText(_scratch) : _items.Of(member.Item, chunks);

    /// <inheritdoc/>
    public void Dispose() => _items.Dispose();
}
