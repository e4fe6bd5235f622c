using System.Numerics;

namespace Groundwork.Cache.Popularity;

/// <summary>
/// What it is worth to keep a key, by how often it was used lately and how long it has not been: learned from keys that are watched,
/// whether they are in the cache or not.
/// </summary>
/// <remarks>
/// <para>For each class of frequency there is a life table: at each age, how many uses came, and for how long keys of that class were of
/// that age without one. Their quotient is the rate at which a use is to be expected. Uses and time are forgotten together, a third
/// at each <see cref="Learn"/>, so that the table follows what changes.</para>
/// <para>An entry is worth the most uses for its time that keeping it up to some later age can bring (J. Gittins's index, "Bandit
/// processes and dynamic allocation indices", 1979). Ranking entries by expected hits for the room and time they take is N. Beckmann's,
/// H. Chen's and A. Cidon's idea ("LHD: improving cache hit rate by maximizing hit density", NSDI 2018), whose rates are those of
/// what is in the cache, at the ages that it lets them reach; watched keys are seen at all ages. Frequencies that age, for keys outside
/// of the cache too, are TinyLFU's. With keys that are popular for ever it comes out as LFU, with popularity that shifts as LRU, and in
/// a loop that is larger than the cache, as neither: those that came first stay.</para>
/// <para>Not thread-safe, but for <see cref="Worth"/>.</para>
/// </remarks>
internal sealed class ReuseModel
{
    /// <summary>The most uses that are told apart.</summary>
    public const int MaxFrequency = 15;

    private const int Classes = 8;
    private const double Kept = 0.7;

    private readonly double[] _uses = new double[Classes * Ages.Count];
    private readonly double[] _time = new double[Classes * Ages.Count];
    private readonly double[] _rates = new double[Ages.Count];
    private float[] _worths = Untaught();

    /// <summary>What an entry is worth, for a unit of room; more is more. May be asked by any thread.</summary>
    /// <param name="frequency">How often it was used, 0 to <see cref="MaxFrequency"/>.</param>
    /// <param name="age">How many ticks ago it was last.</param>
    public double Worth(int frequency, uint age)
    {
        // Ages are known by classes: of those that are alike, who is older is worth a little less.
        return Volatile.Read(ref _worths)[Cell(frequency, age)] * (1 - (age / (double)(16 << UseTicks.Bits)));
    }

    /// <summary>How often a key was used, after one more use; counts are halved in every half-life.</summary>
    public static int Used(int frequency, uint age, uint halfLife) =>
        Math.Min(MaxFrequency, (frequency >> (int)Math.Min(31, age / halfLife)) + 1);

    /// <summary>A key was used.</summary>
    /// <param name="frequency">How often it was before.</param>
    /// <param name="age">How old it was.</param>
    /// <param name="since">From which age on it was not yet told that it was not used.</param>
    public void Use(int frequency, uint age, uint since)
    {
        Pass(frequency, since, age);
        _uses[Cell(frequency, age)]++;
    }

    /// <summary>A key came from one age to another without being used.</summary>
    public void Pass(int frequency, uint from, uint to)
    {
        var row = ClassOf(frequency) * Ages.Count;
        for (var age = Ages.Of(from); age < Ages.Count; age++)
        {
            var end = age == Ages.Count - 1 ? to : Math.Min(to, Ages.From(age + 1));
            _time[row + age] += Math.Max(0, end - Math.Max(from, Ages.From(age)));
            if (end == to)
                return;
        }
    }

    /// <summary>Makes worths of what was seen, and forgets a third of it.</summary>
    public void Learn()
    {
        var overall = (_uses.Sum() + 1) / (_time.Sum() + 1);
        var worths = new float[_worths.Length];
        for (var row = 0; row < worths.Length; row += Ages.Count)
        {
            Rate(row, overall);
            for (var age = 0; age < Ages.Count; age++)
                worths[row + age] = (float)Index(age);
        }

        Volatile.Write(ref _worths, worths);
        for (var cell = 0; cell < _uses.Length; cell++)
        {
            _uses[cell] *= Kept;
            _time[cell] *= Kept;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _uses.AsSpan().Clear();
        _time.AsSpan().Clear();
        Volatile.Write(ref _worths, Untaught());
    }

    // Where little was seen the rate is that of the age before, and at the beginning that of the whole class: each counts as one use.
    private void Rate(int row, double overall)
    {
        var (uses, time) = (1.0, 1 / overall);
        for (var age = 0; age < Ages.Count; age++)
            (uses, time) = (uses + _uses[row + age], time + _time[row + age]);
        var rate = uses / time;
        for (var age = 0; age < Ages.Count; age++)
            _rates[age] = rate = (_uses[row + age] + 1) / (_time[row + age] + (1 / rate));
    }

    // The most uses for the time, over all ages up to which it may be kept.
    private double Index(int from)
    {
        var (left, uses, time, best) = (1.0, 0.0, 0.0, 0.0);
        for (var age = from; age < Ages.Count; age++)
        {
            var width = (Ages.From(age + 1) - Ages.From(age)) * (age == from ? 0.5 : 1);
            var used = left * (1 - Math.Exp(-_rates[age] * width));
            uses += used;
            time += used / _rates[age];
            left -= used;
            best = Math.Max(best, uses / time);
        }

        return best;
    }

    private static int Cell(int frequency, uint age) => (ClassOf(frequency) * Ages.Count) + Ages.Of(age);

    // 0, 1, 2, 3, 4 to 7, 8 to 14, and what is always used.
    private static int ClassOf(int frequency) => frequency < 4 ? frequency
        : frequency == MaxFrequency ? Classes - 1
        : 2 + BitOperations.Log2((uint)frequency);

    // Until something was seen: who was used more often for its age.
    private static float[] Untaught()
    {
        var worths = new float[Classes * Ages.Count];
        for (var cell = 0; cell < worths.Length; cell++)
            worths[cell] = (1 + (cell / Ages.Count)) / (1f + Ages.From(cell % Ages.Count));
        return worths;
    }
}
