using System.Runtime.CompilerServices;

namespace Groundwork.Cache.Values;

/// <summary>
/// Whole numbers in ascending order in one range of bytes that somebody else owns: a byte that says how many each of them takes
/// (2, 4 or 8), then the numbers. It changes bytes in place and says how long the range has become; room is the owner's to make.
/// </summary>
/// <param name="start">Where the range begins.</param>
/// <param name="length">How many bytes of it are in use; 0 of an empty one.</param>
internal readonly unsafe struct IntegerItems(byte* start, int length)
{
    private const int HeaderBytes = 1;

    /// <summary>How many there are.</summary>
    public int Count => length == 0 ? 0 : (length - HeaderBytes) / Width;

    private int Width => length == 0 ? 0 : *start;

    /// <summary>A number by its rank.</summary>
    public long this[int index] => Read(index, Width);

    /// <summary>Finds a number's rank, or, where it is not there, the rank that it would have.</summary>
    public bool TryFind(long number, out int index)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (this[middle] < number)
                low = middle + 1;
            else
                high = middle;
        }

        index = low;
        return low < Count && this[low] == number;
    }

    /// <summary>How long the range is with one number more.</summary>
    public int LengthWith(long number) => HeaderBytes + ((Count + 1) * Math.Max(Width, WidthOf(number)));

    /// <summary>How long a range of so many numbers is.</summary>
    /// <param name="count">How many; not 0.</param>
    /// <param name="least">The least, or less than it.</param>
    /// <param name="most">The greatest, or more than it.</param>
    public static int LengthOf(int count, long least, long most) => HeaderBytes + (count * Math.Max(WidthOf(least), WidthOf(most)));

    /// <summary>Puts a number at its rank; there is room for it.</summary>
    /// <returns>How long the range is now.</returns>
    public int Insert(int index, long number)
    {
        var (count, from, to) = (Count, Width, Math.Max(Width, WidthOf(number)));
        *start = (byte)to;

        // From the end, so that nothing is written over what is still to be read.
        for (var i = count - 1; i >= (from == to ? index : 0); i--)
            Write(i >= index ? i + 1 : i, to, Read(i, from));
        Write(index, to, number);
        return HeaderBytes + ((count + 1) * to);
    }

    /// <summary>Takes a number out by its rank.</summary>
    /// <returns>How long the range is now.</returns>
    public int Delete(int index)
    {
        if (Count == 1)
            return 0;
        var at = HeaderBytes + (index * Width);
        var end = at + Width;
        Buffer.MemoryCopy(start + end, start + at, length - at, length - end);
        return length - Width;
    }

    private static int WidthOf(long number) => number switch
    {
        >= short.MinValue and <= short.MaxValue => sizeof(short),
        >= int.MinValue and <= int.MaxValue => sizeof(int),
        _ => sizeof(long),
    };

    private long Read(int index, int width)
    {
        var at = start + HeaderBytes + (index * width);
        return width switch
        {
            sizeof(short) => Unsafe.ReadUnaligned<short>(at),
            sizeof(int) => Unsafe.ReadUnaligned<int>(at),
            _ => Unsafe.ReadUnaligned<long>(at),
        };
    }

    private void Write(int index, int width, long number)
    {
        var at = start + HeaderBytes + (index * width);
        switch (width)
        {
            case sizeof(short):
                Unsafe.WriteUnaligned(at, (short)number);
                break;
            case sizeof(int):
                Unsafe.WriteUnaligned(at, (int)number);
                break;
            default:
                Unsafe.WriteUnaligned(at, number);
                break;
        }
    }
}
