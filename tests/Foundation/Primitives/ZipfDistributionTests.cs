namespace Groundwork.Primitives.Tests;

public sealed class ZipfDistributionTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 1)]
    [InlineData(10, 0.6)]
    [InlineData(10, 2.5)]
    [InlineData(1000, 1)]
    [InlineData(1000, 1.1)]
    public void Ranks_come_as_often_as_they_should(int ranks, double exponent)
    {
        const int Draws = 200_000;
        var zipf = new ZipfDistribution(ranks, exponent);
        var random = new Random(7);
        var seen = new int[ranks + 1];
        for (var i = 0; i < Draws; i++)
            seen[zipf.Next(random)]++;

        var weights = Enumerable.Range(1, ranks).Select(k => Math.Pow(k, -exponent)).ToArray();
        var sum = weights.Sum();
        for (var rank = 1; rank <= ranks; rank++)
        {
            // Five standard deviations of a binomial, over all of a thousand ranks.
            var expected = Draws * weights[rank - 1] / sum;
            Assert.InRange(seen[rank], expected - (5 * Math.Sqrt(expected)) - 1, expected + (5 * Math.Sqrt(expected)) + 1);
        }
    }

    [Fact]
    public void Any_number_of_ranks_stays_in_its_bounds()
    {
        var zipf = new ZipfDistribution(1L << 40, 0.2);
        var random = new Random(7);
        for (var i = 0; i < 10_000; i++)
            Assert.InRange(zipf.Next(random), 1, zipf.Ranks);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(1, -1)]
    [InlineData(1, double.NaN)]
    public void What_is_no_distribution_is_refused(long ranks, double exponent) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZipfDistribution(ranks, exponent));
}
