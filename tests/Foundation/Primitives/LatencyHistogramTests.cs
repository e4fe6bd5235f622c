using CsCheck;

namespace Groundwork.Primitives.Tests;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void A_percentile_is_never_too_low_and_hardly_too_high()
        => Gen.Select(Gen.Long[0, long.MaxValue >> 1].Array[1, 200], Gen.Double[0, 1], Gen.Int[0, 60]).Sample((values, part, shift) =>
        {
            var histogram = new LatencyHistogram();
            var sorted = values.Select(v => v >> shift).Order().ToArray();
            foreach (var value in sorted)
                histogram.Record(value);

            var exact = sorted[Math.Max(0, (int)Math.Ceiling(part * sorted.Length) - 1)];
            var shown = histogram.Percentile(part);
            return shown >= exact && shown <= exact + (exact / 128) && histogram.Count == sorted.Length && histogram.Max == sorted[^1];
        });

    [Fact]
    public void Two_that_are_added_up_are_as_one()
    {
        var (all, odd, even) = (new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram());
        for (var value = 0L; value < 100_000; value += 7)
        {
            all.Record(value);
            (value % 2 == 0 ? even : odd).Record(value);
        }

        even.Add(odd);

        Assert.Equal(all.Count, even.Count);
        Assert.Equal(all.Max, even.Max);
        for (var part = 0.0; part <= 1; part += 0.01)
            Assert.Equal(all.Percentile(part), even.Percentile(part));
    }

    [Fact]
    public void What_was_never_filled_says_zero() => Assert.Equal(0, new LatencyHistogram().Percentile(0.99));

    [Fact]
    public void The_largest_value_there_is_has_a_place()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(long.MaxValue);

        Assert.Equal(long.MaxValue, histogram.Percentile(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.Record(-1));
    }
}
