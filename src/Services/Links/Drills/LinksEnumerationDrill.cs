using System.Globalization;
using Groundwork.Ports.Experiments;
using Groundwork.Primitives;

namespace Groundwork.Links.Drills;

/// <summary>
/// Guesses codes from codes that are known, and compares how often that hits with how often chance does.
/// </summary>
/// <remarks>
/// <para>A round has a key of its own. The first <see cref="Population"/> numbers count as links that are there: more than anybody has,
/// so that hits are many enough to be compared, and none need be stored, since a guess is a hit when its number is below. Of
/// <see cref="Seeds"/> that follow on one another the codes are known; of each strategy (<see cref="GuessingStrategies"/>)
/// <see cref="GuessesPerStrategy"/> different guesses are tried.</para>
/// <para>Chance alone lifts a strategy above the 99% bound once in a hundred times. So one that is above it is tried again with
/// <see cref="Repeats"/> more keys, and has beaten chance when it is above it each time: by chance that happens once in a million.</para>
/// </remarks>
internal sealed class LinksEnumerationDrill : Drill
{
    private const int Seeds = 10_000;
    private const int Guesses = 1_000_000;
    private const int Repeats = 2;

    private static readonly long Population = CodeSpace.ShortCodes / 100;

    private static readonly int GuessesPerStrategy = Guesses / GuessingStrategies.All.Count;

    /// <inheritdoc/>
    public override string Name => "links.enumeration";

    /// <inheritdoc/>
    public override string Claim => string.Create(
        CultureInfo.InvariantCulture,
        $"Whoever knows {Seeds:N0} codes that were handed out one after the other finds no more links by {Guesses:N0} guesses from them than by random ones, at 99% confidence.");

    /// <inheritdoc/>
    public override string Sabotage => "Numbers are written in base62 as they are, without the keyed permutation.";

    /// <inheritdoc/>
    public override int DefaultRounds => 10;

    /// <inheritdoc/>
    public override Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        var (hits, guesses, expected) = (GuessingStrategies.All.ToDictionary(s => s.Name, _ => 0L), 0L, 0.0);
        var beaten = new List<string>();
        for (var round = 0; round < context.Rounds && beaten.Count == 0; round++)
        {
            var attack = Attack(context);
            foreach (var strategy in GuessingStrategies.All)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var yield = attack.Try(strategy, GuessesPerStrategy);
                hits[strategy.Name] += yield.Hits;
                (guesses, expected) = (guesses + yield.Guesses, expected + yield.ByChance);
                if (yield.IsMoreThanChance && AgainAndAgain(context, strategy))
                    beaten.Add($"{strategy.Name}: {yield}");
            }

            context.Progress(round + 1, context.Rounds, $"{hits.Values.Sum():N0} of {guesses:N0} guesses hit");
        }

        var detail = string.Join(", ", hits.Select(h => string.Create(CultureInfo.InvariantCulture, $"{h.Key} {h.Value:N0}")));
        return Task.FromResult(new DrillResult(
            beaten.Count == 0,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Guesses: {guesses:N0}, {GuessesPerStrategy:N0} a strategy and key, among {Population:N0} links of {CodeSpace.ShortCodes:N0} codes."),
            beaten.Count == 0
                ? string.Create(CultureInfo.InvariantCulture, $"{hits.Values.Sum():N0} hit, where chance hits {expected:N0}: {detail}.")
                : $"Guessing beats chance: {string.Join("; ", beaten)}."));
    }

    private static bool AgainAndAgain(IDrillContext context, GuessingStrategy strategy)
    {
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            if (!Attack(context).Try(strategy, GuessesPerStrategy).IsMoreThanChance)
                return false;
        }

        return true;
    }

    private static GuessingAttack Attack(IDrillContext context)
    {
        var key = new byte[32];
        context.Random.NextBytes(key);
        var space = new CodeSpace(key);
        var first = context.Random.NextInt64(Population - Seeds);
        return context.Sabotage
            ? new GuessingAttack(n => n, value => value, first, Seeds, Population, context.Random)
            : new GuessingAttack(n => Value(space.CodeOf(n, alias: null)), value => Number(space, value), first, Seeds, Population, context.Random);
    }

    private static long Value(string code) => Base62.TryDecode(code, out var value) ? value : throw new InvalidOperationException($"'{code}' is no base62.");

    private static long Number(CodeSpace space, long value) =>
        space.TryNumber(Base62.Encode(value, CodeSpace.ShortLength), out var number) ? number : throw new InvalidOperationException($"{value} has no code.");
}
