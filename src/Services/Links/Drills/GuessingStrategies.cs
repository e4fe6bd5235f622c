using Groundwork.Primitives;

namespace Groundwork.Links.Drills;

/// <summary>A way of guessing codes from those that are known.</summary>
/// <param name="Name">In a few words.</param>
/// <param name="Guess">Endless guesses, repetitions among them; codes are the numbers that they are in base62, oldest first.</param>
internal sealed record GuessingStrategy(string Name, Func<long[], Random, IEnumerable<long>> Guess);

/// <summary>What somebody tries who has seen codes that were handed out one after the other.</summary>
internal static class GuessingStrategies
{
    private const int Characters = CodeSpace.ShortLength;
    private const int Base = 62;

    public static IReadOnlyList<GuessingStrategy> All { get; } =
    [
        new("at random", AtRandom),
        new("neighbours", Neighbours),
        new("the same differences", SameDifferences),
        new("continued sequences", ContinuedSequences),
        new("one character changed", OneCharacter),
        new("common beginnings", CommonBeginnings),
        new("halves exchanged", Halves),
        new("between two", BetweenTwo),
    ];

    // For comparison.
    private static IEnumerable<long> AtRandom(long[] known, Random random)
    {
        while (true)
            yield return random.NextInt64(CodeSpace.ShortCodes);
    }

    // 1, 2, 3, … above and below each known code.
    private static IEnumerable<long> Neighbours(long[] known, Random random)
    {
        for (var distance = 1; ; distance++)
        {
            foreach (var code in known)
            {
                yield return Wrap(code + distance);
                yield return Wrap(code - distance);
            }
        }
    }

    // What led from one code to a later one may lead on from another.
    private static IEnumerable<long> SameDifferences(long[] known, Random random)
    {
        while (true)
        {
            var from = random.Next(known.Length - 1);
            var step = random.Next(1, Math.Min(8, known.Length - from));
            yield return Wrap(known[random.Next(known.Length)] + known[from + step] - known[from]);
        }
    }

    // As if the last differences, and the differences of those, went on.
    private static IEnumerable<long> ContinuedSequences(long[] known, Random random)
    {
        var last = known[^1];
        for (var lag = 1; ; lag = (lag % ((known.Length / 2) - 1)) + 1)
        {
            var difference = last - known[^(lag + 1)];
            var before = known[^(lag + 1)] - known[^((2 * lag) + 1)];
            for (var k = 1L; k <= 64; k++)
            {
                yield return Wrap((Int128)last + ((Int128)k * difference));
                yield return Wrap((Int128)last + ((Int128)k * difference) + ((Int128)(k * (k + 1) / 2) * (difference - before)));
            }
        }
    }

    private static IEnumerable<long> OneCharacter(long[] known, Random random)
    {
        while (true)
        {
            var code = known[random.Next(known.Length)];
            var place = Base62.Capacity(random.Next(1, Characters + 1)) / Base;
            var character = code / place % Base;
            yield return code + ((random.Next(Base) - character) * place);
        }
    }

    // The first 3 to 6 characters of a known code, and others after them.
    private static IEnumerable<long> CommonBeginnings(long[] known, Random random)
    {
        while (true)
        {
            var rest = Base62.Capacity(random.Next(1, 5));
            var code = known[random.Next(known.Length)];
            yield return code - (code % rest) + random.NextInt64(rest);
        }
    }

    // The beginning of one and the end of another.
    private static IEnumerable<long> Halves(long[] known, Random random)
    {
        while (true)
        {
            var rest = Base62.Capacity(random.Next(1, Characters));
            var (one, other) = (known[random.Next(known.Length)], known[random.Next(known.Length)]);
            yield return one - (one % rest) + (other % rest);
        }
    }

    // Where known codes lie close together, others may lie between.
    private static IEnumerable<long> BetweenTwo(long[] known, Random random)
    {
        var sorted = known.Order().ToArray();
        while (true)
        {
            var at = random.Next(sorted.Length - 1);
            yield return random.NextInt64(sorted[at], sorted[at + 1] + 1);
        }
    }

    private static long Wrap(Int128 value) => (long)(((value % CodeSpace.ShortCodes) + CodeSpace.ShortCodes) % CodeSpace.ShortCodes);
}
