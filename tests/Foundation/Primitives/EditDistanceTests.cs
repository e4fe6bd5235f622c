using CsCheck;

namespace Groundwork.Primitives.Tests;

public sealed class EditDistanceTests
{
    private static readonly string[] Names = ["Cache:Listen", "Cache:Memory", "Database:Connection", "Links:CodeLength"];

    [Theory]
    [InlineData("cache:lisen", "Cache:Listen")]
    [InlineData("Cache:Lsiten", "Cache:Listen")]
    [InlineData("DATABASE:CONNECTION", "Database:Connection")]
    [InlineData("Links:CodeLenght", "Links:CodeLength")]
    [InlineData("Payments:Currency", null)]
    [InlineData("", null)]
    public void A_misspelt_name_finds_what_was_meant_or_nothing(string name, string? meant)
        => Assert.Equal(meant, EditDistance.Nearest(name, Names));

    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ca", "ac", 1)]
    [InlineData("ca", "abc", 3)] // optimal string alignment; the unrestricted distance is 2
    [InlineData("", "abc", 3)]
    [InlineData("same", "SAME", 0)]
    public void Known_distances(string a, string b, int expected)
    {
        Assert.True(EditDistance.TryDistance(a, b, 10, out var distance));
        Assert.Equal(expected, distance);
        Assert.True(EditDistance.TryDistance(a, b, expected, out _));
        Assert.False(EditDistance.TryDistance(a, b, expected - 1, out _));
    }

    [Fact]
    public void Distance_is_symmetric_and_an_edit_costs_one()
        => Gen.Select(Gen.String[Gen.Char['a', 'd'], 0, 12], Gen.String[Gen.Char['a', 'd'], 0, 12]).Sample((a, b) =>
        {
            Assert.True(EditDistance.TryDistance(a, b, 12, out var there));
            Assert.True(EditDistance.TryDistance(b, a, 12, out var back));
            Assert.True(EditDistance.TryDistance(a + "x", b, 13, out var longer));
            return there == back && there <= Math.Max(a.Length, b.Length) && Math.Abs(longer - there) <= 1;
        });
}
