using System.Numerics;
using System.Runtime.InteropServices;

namespace Groundwork.Cache.Commands.Strings;

/// <summary>
/// The longest bytes that stand in two texts in the same order, with gaps perhaps: Hyyrö, "Bit-parallel LCS-length computation revisited"
/// (2004), which does 64 cells of the table of lengths at once.
/// </summary>
/// <remarks>
/// Row i of that table tells of the first i bytes of the first text. It never falls along the second text and rises by one at most, so a bit
/// a column is all of it: set where it does not rise. Of several subsequences that are as long Redis gives the one that a walk back from the
/// end finds which leaves the first text's byte only where that is better; and that it is better is what a rise in the row says. So the
/// rows are all that the walk needs: 1 bit a cell, where Redis keeps 32.
/// </remarks>
internal ref struct CommonSubsequence
{
    private const int Values = 256;

    private readonly ReadOnlySpan<byte> _first;
    private readonly ReadOnlySpan<byte> _second;
    private readonly byte[] _rows;
    private readonly int _rowBytes;
    private int _i;
    private int _j;

    /// <summary>Finds how long it is, and with <paramref name="walks"/> keeps what <see cref="TryNext"/> needs.</summary>
    public CommonSubsequence(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, bool walks)
    {
        _first = first;
        _second = second;
        (_i, _j) = (first.Length, second.Length);
        _rowBytes = RowBytes(second.Length);
        _rows = walks ? GC.AllocateUninitializedArray<byte>(first.Length * _rowBytes) : [];

        var row = new ulong[Words(second.Length)];
        Array.Fill(row, ulong.MaxValue);
        Span<int> masks = stackalloc int[Values];
        var places = PlacesOf(first, second, masks);
        for (var i = 0; i < first.Length; i++)
        {
            if (masks[first[i]] >= 0)
                Step(row, places.AsSpan(masks[first[i]], row.Length));
            if (walks)
                MemoryMarshal.AsBytes(row.AsSpan())[.._rowBytes].CopyTo(_rows.AsSpan(i * _rowBytes));
        }

        foreach (var word in row)
            Length += BitOperations.PopCount(~word);
    }

    /// <summary>How many bytes it has.</summary>
    public int Length { get; }

    /// <summary>The most memory that it takes for texts of such lengths.</summary>
    public static long BytesFor(long first, long second, bool walks) =>
        (8 * Words(second) * (1 + Math.Min(first, Values))) + (walks ? first * RowBytes(second) : 0);

    /// <summary>Goes back to the byte before, from the last one to the first: where it stands in both texts.</summary>
    /// <returns>False where there is none.</returns>
    public bool TryNext(out int first, out int second)
    {
        while (_i > 0 && _j > 0 && _first[_i - 1] != _second[_j - 1])
        {
            if (Rises(_i - 1, _j - 1))
                _i--;
            else
                _j--;
        }

        (first, second) = (_i - 1, _j - 1);
        if (_i == 0 || _j == 0)
            return false;
        (_i, _j) = (first, second);
        return true;
    }

    // The sum carries from the places where the byte stands to where the row rose next: there it does not any more.
    private static void Step(Span<ulong> row, ReadOnlySpan<ulong> places)
    {
        var carry = 0UL;
        for (var w = 0; w < row.Length; w++)
        {
            var word = row[w];
            var met = word & places[w];
            var sum = word + met;
            var carried = sum + carry;
            carry = sum < word || carried < sum ? 1UL : 0;
            row[w] = carried | (word & ~met);
        }
    }

    // For each value of the first text's bytes that the second has too: the bits of its places there, one value's words after the other's.
    private static ulong[] PlacesOf(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<int> masks)
    {
        masks.Fill(-1);
        var words = (int)Words(second.Length);
        var length = 0;
        Span<bool> isInSecond = stackalloc bool[Values];
        isInSecond.Clear();
        foreach (var value in second)
            isInSecond[value] = true;
        foreach (var value in first)
        {
            if (masks[value] >= 0 || !isInSecond[value])
                continue;
            masks[value] = length;
            length += words;
        }

        var places = new ulong[length];
        for (var j = 0; j < second.Length; j++)
        {
            if (masks[second[j]] is >= 0 and var mask)
                places[mask + (j / 64)] |= 1UL << (j % 64);
        }

        return places;
    }

    private readonly bool Rises(int row, int column) => ((_rows[(row * _rowBytes) + (column / 8)] >> (column % 8)) & 1) == 0;

    private static long Words(long bits) => (bits + 63) / 64;

    private static int RowBytes(long bits) => (int)((bits + 7) / 8);
}
