using System.Buffers;

namespace Groundwork.Cache.Packed;

/// <summary>
/// Entries of a table drawn at random: a bucket and a place in it are drawn, and drawn again where the bucket has no such place,
/// so that entries of full and of sparse buckets are equally likely.
/// </summary>
internal static unsafe class TableSampling
{
    private const int LeastPlaces = 16;

    // Buckets have up to twice the mean while a round of splits runs; four times it, one in 10⁶ has more.
    private const int PlacesPerMean = 4;

    // Each draw hits with a probability of a sixteenth or more, so that this many miss once in 10¹⁴.
    private const int MaxDraws = 512;

    /// <summary>One entry, each equally likely.</summary>
    /// <exception cref="InvalidOperationException">The table is empty.</exception>
    public static TableEntry Draw(in PackedTable table, Random random)
    {
        if (table.Count == 0)
            throw new InvalidOperationException("Nothing can be drawn from an empty table.");
        return At(table, DrawPlace(table, random));
    }

    /// <summary>Shows the visitor distinct entries, each set of so many equally likely; all where there are no more.</summary>
    public static void DrawDistinct<TVisitor>(in PackedTable table, Random random, int count, ref TVisitor visitor)
        where TVisitor : struct, ITableVisitor, allows ref struct
    {
        if (count <= 0)
            return;
        if (count >= table.Count / 3)
        {
            // Selection sampling (D. E. Knuth, The Art of Computer Programming, 3.4.2, algorithm S).
            var left = (long)table.Count;
            var wanted = Math.Min(count, left);
            foreach (var entry in table)
            {
                if (random.NextInt64(left--) >= wanted)
                    continue;
                visitor.Visit(entry);
                wanted--;
            }

            return;
        }

        // Places are drawn until they are new: fewer than one and a half draws each.
        var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count * 2);
        var drawn = ArrayPool<ulong>.Shared.Rent(size);
        drawn.AsSpan(0, size).Clear();
        for (var found = 0; found < count;)
        {
            var place = DrawPlace(table, random);
            var at = (int)((place * 0x9E3779B97F4A7C15) >> 32) & (size - 1);
            while (drawn[at] != 0 && drawn[at] != place + 1)
                at = (at + 1) & (size - 1);
            if (drawn[at] != 0)
                continue;
            drawn[at] = place + 1;
            visitor.Visit(At(table, place));
            found++;
        }

        ArrayPool<ulong>.Shared.Return(drawn);
    }

    // A bucket in the high half, an index in the low one.
    private static ulong DrawPlace(in PackedTable table, Random random)
    {
        var places = Math.Max(LeastPlaces, (int)Math.Min(PlacesPerMean * (long)table.Count / table.Buckets, ushort.MaxValue));
        for (var draws = 0; draws < MaxDraws; draws++)
        {
            var (bucket, index) = ((uint)random.NextInt64(table.Buckets), random.Next(places));
            var handle = table.HandleOf(bucket);
            if (handle != 0 && index < table.View(handle).Count)
                return ((ulong)bucket << 32) | (uint)index;
        }

        // Nearly all buckets are empty: the next that is not.
        for (var bucket = (uint)random.NextInt64(table.Buckets); ; bucket = (bucket + 1) % table.Buckets)
        {
            if (table.HandleOf(bucket) is not 0 and var handle)
                return ((ulong)bucket << 32) | (uint)random.Next(table.View(handle).Count);
        }
    }

    private static TableEntry At(in PackedTable table, ulong place) =>
        new(table.View(table.HandleOf((uint)(place >> 32))).Entry((int)(uint)place));
}
