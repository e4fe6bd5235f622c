using Groundwork.Console.Design.Charts;

namespace Groundwork.Console.Tests.Design;

public sealed class ScaleTests
{
    [Theory]
    [InlineData(0, 1, 0.5)]
    [InlineData(double.NaN, 1, 0.5)]
    [InlineData(-3, 1, 0.5)]
    [InlineData(1, 1, 0.5)]
    [InlineData(4, 4, 1)]
    [InlineData(4.1, 6, 2)]
    [InlineData(97, 100, 50)]
    [InlineData(1000, 1000, 500)]
    [InlineData(0.0031, 0.004, 0.001)]
    public void Axes_end_at_round_numbers(double most, double top, double step)
    {
        var scale = Scale.For(most);

        Assert.Equal(top, scale.Top, 9);
        Assert.Equal(step, scale.Step, 9);
    }

    [Fact]
    public void Whatever_is_shown_there_are_two_to_six_lines_and_all_of_it_is_below_the_last()
    {
        for (var most = 1e-9; most < 1e15; most *= 1.37)
        {
            var scale = Scale.For(most);

            Assert.InRange(scale.Lines.Count(), 2, 6);
            Assert.True(scale.Top >= most * (1 - 1e-9));
            Assert.InRange(scale.At(most), 0.3, 1);
        }
    }

    [Fact]
    public void A_value_between_two_that_are_unknown_is_as_long_as_a_line_is_wide()
    {
        Assert.Equal("M500 50h6", Groundwork.Console.Design.Charts.Path.Line([null, 1, null], Scale.For(2)));
        Assert.Equal("M0 50L500 0M1000 50", Groundwork.Console.Design.Charts.Path.Line([1, 2, null], Scale.For(2)) + Groundwork.Console.Design.Charts.Path.Line([null, null, 1], Scale.For(2)).Replace("h6", "", StringComparison.Ordinal));
    }
}
