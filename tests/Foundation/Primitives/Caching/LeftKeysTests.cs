using Groundwork.Primitives.Caching;

namespace Groundwork.Primitives.Tests.Caching;

public sealed class LeftKeysTests
{
    [Fact]
    public void A_key_that_left_is_known_once()
    {
        var left = new LeftKeys(1_024);
        left.Add(7);
        Assert.False(left.Take(8));
        Assert.True(left.Take(7));
        Assert.False(left.Take(7));
    }

    [Fact]
    public void A_key_is_forgotten_when_as_many_as_there_are_places_left_after_it()
    {
        const int Places = 1_024;
        for (var after = Places - 1; after <= Places; after++)
        {
            var left = new LeftKeys(Places);
            left.Add(-1);
            for (var i = 0; i < after; i++)
                left.Add(1); // one place only
            Assert.Equal(after < Places, left.Take(-1));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1_024)]
    [InlineData(65_536)]
    public void Keys_that_follow_one_another_find_places_of_their_own_and_are_not_mistaken(int step)
    {
        const int Places = 1 << 14;
        var left = new LeftKeys(Places);
        for (var i = 0; i < Places; i++)
            left.Add(i * step);
        Assert.Equal(0, Enumerable.Range(Places, Places).Count(i => left.Take(i * step)));

        // Keys drawn at random would leave 63% of the places taken.
        Assert.InRange(Enumerable.Range(0, Places).Count(i => left.Take(i * step)), (int)(0.6 * Places), Places);
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(1_023, 512)]
    [InlineData(1_024, 1_024)]
    [InlineData(1_025, 1_024)]
    [InlineData((1 << 20) + 1, 1 << 20)]
    public void Its_memory_is_a_power_of_two_of_places_and_bounded(long capacity, long places) =>
        Assert.Equal(places * 8, new LeftKeys(capacity).Bytes);
}
