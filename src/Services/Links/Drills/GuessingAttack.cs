using System.Globalization;

namespace Groundwork.Links.Drills;

/// <summary>
/// Codes that somebody knows, and links that may be found from them. Codes are taken as the numbers that they are in base62.
/// </summary>
internal sealed class GuessingAttack
{
    // A strategy that has run out of new guesses repeats itself.
    private const int MaxRepetition = 16;

    private readonly Func<long, long> _numberOf;
    private readonly long _first;
    private readonly long _population;
    private readonly Random _random;
    private readonly long[] _known;

    /// <param name="codeOf">The code of a link's number.</param>
    /// <param name="numberOf">The number of a code.</param>
    /// <param name="first">The first number whose code is known.</param>
    /// <param name="known">How many are known that follow on one another.</param>
    /// <param name="population">The links are those whose numbers are below.</param>
    /// <param name="random">Of the guesser.</param>
    public GuessingAttack(Func<long, long> codeOf, Func<long, long> numberOf, long first, int known, long population, Random random)
    {
        (_numberOf, _first, _population, _random) = (numberOf, first, population, random);
        _known = [.. Enumerable.Range(0, known).Select(i => codeOf(first + i))];
    }

    /// <summary>Tries different guesses, as many or what the strategy has; what is known already is no guess.</summary>
    public GuessingYield Try(GuessingStrategy strategy, int guesses)
    {
        var tried = new HashSet<long>(_known);
        var (made, hits) = (0, 0);
        foreach (var guess in strategy.Guess(_known, _random).Take(MaxRepetition * guesses).Where(tried.Add).Take(guesses))
        {
            made++;
            var number = _numberOf(guess);
            if (number < _population && (number < _first || number >= _first + _known.Length))
                hits++;
        }

        return new GuessingYield(hits, made, (_population - _known.Length) / (double)(CodeSpace.ShortCodes - _known.Length));
    }
}

/// <summary>What came of guessing.</summary>
/// <param name="Hits">How many guesses found a link.</param>
/// <param name="Guesses">How many there were.</param>
/// <param name="Chance">That of a random guess.</param>
internal readonly record struct GuessingYield(int Hits, int Guesses, double Chance)
{
    // One-sided, of the normal distribution.
    private const double Sigmas99 = 2.326;

    /// <summary>How many would have hit by chance, on average.</summary>
    public double ByChance => Guesses * Chance;

    /// <summary>Whether chance hits so often once in a hundred times at most.</summary>
    public bool IsMoreThanChance => Hits > ByChance + (Sigmas99 * Math.Sqrt(ByChance * (1 - Chance)));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Hits:N0} of {Guesses:N0} hit, where chance hits {ByChance:N0}");
}
