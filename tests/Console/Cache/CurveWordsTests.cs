using Groundwork.Console.Pages.Cache;

namespace Groundwork.Console.Tests.Cache;

public sealed class CurveWordsTests
{
    [Theory]
    [InlineData(0.5, 0.4, 0.3, "With the memory that it may take, 40 % of lookups miss in the long run. With twice as much, 30 % would: the store behind it would get 25 % fewer. With half of it, 50 % would.")]
    [InlineData(0.41, 0.4, 0.39, "With the memory that it may take, 40 % of lookups miss in the long run. Twice as much would change little. Half of it would do as well.")]
    public void The_sentence_says_what_more_and_less_memory_would_give(double half, double now, double twice, string words) =>
        Assert.Equal(
            words.Replace(" %", "\u202f%", StringComparison.Ordinal),
            CurveWords.Of([new(1, 0.5, half), new(2, 1, now), new(4, 2, twice)]));
}
