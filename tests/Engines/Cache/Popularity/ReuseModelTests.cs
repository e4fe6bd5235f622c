using Groundwork.Cache.Popularity;

namespace Groundwork.Cache.Tests.Popularity;

public sealed class ReuseModelTests
{
    [Fact]
    public void Until_it_has_seen_something_who_is_used_often_and_lately_is_worth_more()
    {
        var model = new ReuseModel();
        Assert.True(model.Worth(3, 10) > model.Worth(0, 10));
        Assert.True(model.Worth(3, 10) > model.Worth(3, 1000));
    }

    [Fact]
    public void In_a_loop_who_was_used_longest_ago_is_worth_the_most()
    {
        var model = new ReuseModel();
        for (var i = 0; i < 1000; i++)
            model.Use(2, age: 100, since: 0);
        model.Learn();
        Assert.True(model.Worth(2, 90) > model.Worth(2, 40));
        Assert.True(model.Worth(2, 40) > model.Worth(2, 5));
    }

    [Fact]
    public void Who_is_seen_never_to_be_used_again_is_worth_less_than_who_is()
    {
        var model = new ReuseModel();
        for (var i = 0; i < 1000; i++)
        {
            model.Pass(0, 0, 5000);
            model.Use(4, age: 200, since: 0);
        }

        model.Learn();
        Assert.True(model.Worth(4, 50) > 10 * model.Worth(0, 1));
    }

    [Fact]
    public void What_was_learned_is_forgotten_when_it_is_not_so_any_more()
    {
        var model = new ReuseModel();
        for (var round = 0; round < 40; round++)
        {
            var hot = round < 20 ? 1 : 3;
            for (var i = 0; i < 100; i++)
            {
                model.Use(hot, age: 10, since: 0);
                model.Pass(4 - hot, 0, 1000);
            }

            model.Learn();
        }

        Assert.True(model.Worth(3, 1) > model.Worth(1, 1));
    }

    [Fact]
    public void A_frequency_is_halved_in_each_half_life_and_never_above_fifteen()
    {
        Assert.Equal(1, ReuseModel.Used(0, 0, 10));
        Assert.Equal(15, ReuseModel.Used(15, 9, 10));
        Assert.Equal(8, ReuseModel.Used(15, 10, 10));
        Assert.Equal(4, ReuseModel.Used(15, 29, 10));
        Assert.Equal(1, ReuseModel.Used(15, 1 << 19, 10));
    }
}
