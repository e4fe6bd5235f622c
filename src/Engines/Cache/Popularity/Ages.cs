using System.Numerics;

namespace Groundwork.Cache.Popularity;

/// <summary>Ages in ticks as classes that grow with them: two for each doubling, 40 in all.</summary>
internal static class Ages
{
    /// <summary>How many classes there are.</summary>
    public const int Count = 2 * UseTicks.Bits;

    /// <summary>The class of an age.</summary>
    public static int Of(uint age)
    {
        if (age < 4)
            return (int)age;
        var octave = BitOperations.Log2(age);
        return Math.Min(Count - 1, (2 * octave) + (int)((age >> (octave - 1)) & 1));
    }

    /// <summary>The least age of a class.</summary>
    public static long From(int age) => age < 4 ? age : (2L + (age & 1)) << ((age >> 1) - 1);
}
