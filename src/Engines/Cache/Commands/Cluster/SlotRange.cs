using System.Globalization;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Cache.Commands.Cluster;

/// <summary>Slots that follow one another, both ends with it; as text <c>0-5460</c>, or <c>7</c>.</summary>
internal readonly record struct SlotRange(int First, int Last)
{
    /// <summary>How many they are.</summary>
    public int Count => Last - First + 1;

    /// <summary>Reads <c>first-last</c> or <c>slot</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SlotRange range)
    {
        range = default;
        var dash = text.IndexOf('-');
        if (!TrySlot(dash < 0 ? text : text[..dash], out var from) || !TrySlot(text[(dash + 1)..], out var to) || to < from)
            return false;
        range = new SlotRange(from, to);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => First == Last
        ? First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");

    private static bool TrySlot(ReadOnlySpan<char> text, out int slot) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out slot) && slot < KeySlot.Count;
}
