using Groundwork.Primitives;

namespace Groundwork.Cache.Benchmarks.Ratios;

/// <summary>Which keys are asked for, one after the other: the same in every run.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Words">What it is, as part of a sentence.</param>
/// <param name="Requests">The keys, numbers from 0; given the number of entries that fit.</param>
/// <param name="BytesOf">The size of a key's value.</param>
internal sealed record Trace(string Name, string Words, Func<int, IEnumerable<int>> Requests, Func<int, int> BytesOf)
{
    private const int ValueBytes = 512;
    private const int Keys = 200_000;
    private const int Length = 2_000_000;
    private const int Seed = 20_261_130;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Trace> All { get; } =
    [
        Of("zipf-0.7", "keys by Zipf's law with exponent 0.7", static _ => Zipf(0.7)),
        Of("zipf-0.9", "keys by Zipf's law with exponent 0.9", static _ => Zipf(0.9)),
        Of("zipf-1.0", "keys by Zipf's law with exponent 1", static _ => Zipf(1)),
        Of("zipf-1.2", "keys by Zipf's law with exponent 1.2", static _ => Zipf(1.2)),
        Of("scans", "keys by Zipf's law with exponent 0.9, and after each 100,000 twice as many new ones as fit, once each", Scans),
        Of("loop", "a quarter more keys than fit, in turn", static fit => Enumerable.Range(0, Length).Select(i => i % (fit + (fit / 4)))),
        Of("shifts", "keys by Zipf's law with exponent 1, whose ranks move by a twentieth after each 100,000", static _ => Moving(100_000, Keys / 20)),
        Of("drift", "keys by Zipf's law with exponent 1, of which a new one becomes the most popular after each ten", static _ => Moving(10, 1)),
        Of("sizes", "keys by Zipf's law with exponent 0.9 and values of 64 to 8,192 bytes", static _ => Zipf(0.9)) with { BytesOf = MixedBytes },
    ];

    /// <summary>Whether all values have one size, so that a number of entries is a bound.</summary>
    public bool IsUniform => BytesOf(0) == BytesOf(1) && BytesOf(1) == BytesOf(2);

    private static Trace Of(string name, string words, Func<int, IEnumerable<int>> requests) => new(name, words, requests, static _ => ValueBytes);

    private static IEnumerable<int> Zipf(double exponent)
    {
        var (random, distribution) = (new Random(Seed), new ZipfDistribution(Keys, exponent));
        for (var i = 0; i < Length; i++)
            yield return (int)distribution.Next(random) - 1;
    }

    private static IEnumerable<int> Scans(int fit)
    {
        var next = Keys;
        foreach (var chunk in Zipf(0.9).Chunk(100_000))
        {
            foreach (var key in chunk)
                yield return key;
            for (var i = 0; i < 2 * fit; i++)
                yield return next++;
        }
    }

    // Going down, so that whoever was the most popular becomes a little less so.
    private static IEnumerable<int> Moving(int every, int by)
    {
        var first = 0;
        var count = 0;
        foreach (var rank in Zipf(1))
        {
            if (++count % every == 0)
                first = (first + Keys - by) % Keys;
            yield return (first + rank) % Keys;
        }
    }

    // As many of each octave: 64 to 127, and so on.
    private static int MixedBytes(int key) => (int)(64 * Math.Pow(2, 7 * (((uint)key * 2_654_435_769u) / 4_294_967_296.0)));
}
