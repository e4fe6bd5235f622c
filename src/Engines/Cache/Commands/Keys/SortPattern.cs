using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Keys;

/// <summary>
/// What BY and GET name for an element: the string of the key that the pattern is with the element in the place of its first <c>*</c>;
/// behind <c>-></c> a field of the hash under that key; the element itself where the pattern is <c>#</c>.
/// </summary>
internal readonly struct SortPattern
{
    private readonly byte[] _before;
    private readonly byte[] _behind;
    private readonly byte[]? _field;
    private readonly bool _isElement;

    public SortPattern(ReadOnlySpan<byte> pattern)
    {
        (_before, _behind) = ([], []);
        _isElement = pattern is [(byte)'#'];
        var star = pattern.IndexOf((byte)'*');
        NamesKeys = star >= 0;
        if (star < 0)
            return;
        var behind = pattern[(star + 1)..];
        var arrow = behind.IndexOf("->"u8);
        if (arrow >= 0 && arrow + 2 < behind.Length)
        {
            _field = behind[(arrow + 2)..].ToArray();
            behind = behind[..arrow];
        }

        (_before, _behind) = (pattern[..star].ToArray(), behind.ToArray());
    }

    /// <summary>Whether what it names depends on the element, and lies under other keys.</summary>
    public bool NamesKeys { get; }

    /// <summary>What it names for an element; null where there is nothing.</summary>
    public byte[]? Of(Call call, byte[] element)
    {
        if (_isElement)
            return element;
        if (!NamesKeys)
            return null;

        // Copied at once: whatever is looked up next may remove an entry whose time is over.
        var key = call.Look(call.Database, [.. _before, .. element, .. _behind]);
        if (!key.Exists || key.Kind != (_field is null ? ValueKind.Text : ValueKind.Hash))
            return null;
        if (_field is not null)
            return new HashView(key.Shard, key.Found) is var hash && hash.TryGet(_field, out var item) ? item.ToArray(hash.Chunks) : null;
        var text = new byte[Texts.Length(key.Found)];
        Texts.Read(key.Shard, key.Found, 0, text);
        return text;
    }
}
