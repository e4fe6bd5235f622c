using Groundwork.Platform.Telemetry.Recent;

namespace Groundwork.Platform.Tests.Telemetry.Recent;

public sealed class ExpositionTests
{
    [Theory]
    [InlineData("a_total 7", "a_total", 7)]
    [InlineData("a 1.5e-3 1700000000000", "a", 0.0015)]
    [InlineData("a{b=\"c\"} 2", "a{b=\"c\"}", 2)]
    [InlineData("a{b=\"c } d \\\" 9\",e=\"\"} 3", "a{b=\"c } d \\\" 9\",e=\"\"}", 3)]
    [InlineData("a +Inf", "a", double.PositiveInfinity)]
    public void A_sample_is_read_whatever_its_labels_hold(string line, string key, double value)
    {
        var lines = new Exposition($"# a comment\n\n{line}\r\n");
        Assert.True(lines.Read());
        Assert.Equal(ExpositionLine.Sample, lines.Line);
        Assert.Equal(key, lines.Key.ToString());
        Assert.Equal(value, lines.Value);
        Assert.False(lines.Read());
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a{b=\"c")]
    [InlineData("a{b=\"c\"}")]
    [InlineData("a NaN")]
    [InlineData("a x")]
    [InlineData("# TYPE a")]
    [InlineData("")]
    public void What_says_nothing_is_passed_over(string line)
    {
        var lines = new Exposition($"{line}\nb 1");
        Assert.True(lines.Read());
        Assert.Equal("b", lines.Key.ToString());
    }

    [Fact]
    public void Labels_are_unescaped() => Assert.Equal(
        [new("route", "/{a}"), new("text", "a\"b\\n\nc"), new("none", "")],
        Exposition.LabelsOf("x{route=\"/{a}\",text=\"a\\\"b\\\\n\\nc\",none=\"\"}"));
}
