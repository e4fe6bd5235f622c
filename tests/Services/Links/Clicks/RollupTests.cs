using Groundwork.Links.Clicks;

namespace Groundwork.Links.Tests.Clicks;

public sealed class RollupTests
{
    [Fact]
    public void What_was_written_is_read_to_the_last_count()
    {
        var rollup = Sample(values: Rollup.MaxValues + 20, visitors: 50);

        var read = Read(rollup.ToBytes());

        AssertSame(rollup, read);
        Assert.Equal(rollup.ToBytes(), read.ToBytes());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(700)] // as a list
    [InlineData(5000)] // packed
    public void Visitors_are_written_and_read_at_any_number(int visitors)
    {
        var rollup = Sample(values: 3, visitors);

        var read = Read(rollup.ToBytes());

        Assert.Equal(rollup.Visitors.Estimate(), read.Visitors.Estimate());
        Assert.InRange(read.Visitors.Estimate(), visitors * 0.93, visitors * 1.07);
    }

    [Fact]
    public void Of_a_dimension_a_hundred_values_are_told_apart_and_the_rest_counts_as_other()
    {
        var rollup = new Rollup();
        rollup.Add(ClickDimension.Referrer, Rollup.Other);
        for (var i = 0; i < 150; i++)
            rollup.Add(ClickDimension.Referrer, $"site-{i}.example");
        rollup.Add(ClickDimension.Referrer, "site-7.example", 5);
        rollup.Add(ClickDimension.Browser, "Firefox");

        Assert.Equal(Rollup.MaxValues + 1, rollup.Values.Count(v => v.Key.Dimension == ClickDimension.Referrer));
        Assert.Equal(51, Of(rollup, ClickDimension.Referrer, Rollup.Other));
        Assert.Equal(6, Of(rollup, ClickDimension.Referrer, "site-7.example"));
        Assert.Equal(1, Of(rollup, ClickDimension.Browser, "Firefox"));
    }

    [Fact]
    public void The_largest_values_of_each_dimension_are_kept_whenever_they_came_and_the_rest_counts_as_other()
    {
        var rollup = new Rollup(maxValues: int.MaxValue);
        rollup.Add(ClickDimension.Referrer, Rollup.Other, 7);
        for (var i = 1; i <= 1500; i++)
            rollup.Add(ClickDimension.Referrer, $"site-{i}.example", i);
        rollup.Add(ClickDimension.Browser, "Firefox");

        rollup.KeepLargest(Rollup.MaxValuesOfDay);

        Assert.Equal(Rollup.MaxValuesOfDay + 2, rollup.Values.Count());
        Assert.Equal(7 + (500 * 501 / 2), Of(rollup, ClickDimension.Referrer, Rollup.Other));
        Assert.Equal(501, rollup.Values.Where(v => v.Key.Value.StartsWith("site", StringComparison.Ordinal)).Min(v => v.Value));
        AssertSame(rollup, Read(rollup.ToBytes(), int.MaxValue));
    }

    [Fact]
    public void Parts_that_are_added_up_keep_every_sum_whichever_way()
    {
        var parts = Enumerable.Range(0, 5).Select(i => Sample(values: 60, visitors: 400, from: i * 40)).ToList();
        var byBytes = new Rollup();
        var byObjects = new Rollup();
        foreach (var part in parts)
        {
            byBytes.MergeFrom(part.ToBytes());
            byObjects.Merge(part);
        }

        foreach (var kind in Enum.GetValues<ClickKind>())
        {
            Assert.Equal(parts.Sum(p => p[kind]), byBytes[kind]);
            Assert.Equal(parts.Sum(p => p[kind]), byObjects[kind]);
        }

        foreach (var dimension in Enum.GetValues<ClickDimension>())
        {
            var sum = parts.Sum(p => p.Values.Where(v => v.Key.Dimension == dimension).Sum(v => v.Value));
            Assert.Equal(sum, byBytes.Values.Where(v => v.Key.Dimension == dimension).Sum(v => v.Value));
            Assert.Equal(sum, byObjects.Values.Where(v => v.Key.Dimension == dimension).Sum(v => v.Value));
        }

        // Visitors 0–399, 40–439, …: their union, not their sum.
        Assert.Equal(byObjects.Visitors.Estimate(), byBytes.Visitors.Estimate());
        Assert.InRange(byBytes.Visitors.Estimate(), 560 * 0.95, 560 * 1.05);
    }

    [Fact]
    public void Bytes_that_were_cut_off_or_grew_are_refused()
    {
        foreach (var visitors in (int[])[20, 3000])
        {
            var bytes = Sample(values: 5, visitors).ToBytes();
            for (var length = 0; length < bytes.Length; length++)
                Assert.Throws<InvalidDataException>(() => Read(bytes[..length]));
            Assert.Throws<InvalidDataException>(() => Read([.. bytes, 0]));
        }
    }

    [Fact]
    public void Bytes_of_any_damage_are_read_or_refused_and_nothing_else()
    {
        var random = new Random(1);
        var bytes = Sample(values: 5, visitors: 20).ToBytes();
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var damaged = bytes.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            refused += Record.Exception(() => Read(damaged)) switch
            {
                null => 0,
                InvalidDataException => 1,
                var e => throw new InvalidOperationException("Damage may be refused, and no more.", e),
            };
        }

        Assert.InRange(refused, 1, 19_999);
    }

    [Fact]
    public void A_newer_programs_bytes_are_refused()
    {
        var bytes = new Rollup().ToBytes();
        bytes[0]++;
        Assert.Throws<InvalidDataException>(() => Read(bytes));
    }

    [Theory]
    [InlineData("00")]
    [InlineData("01 00 00 00 00 FF FF FF FF FF FF FF FF 7F")] // more values than there are bytes
    [InlineData("01 00 00 00 00 01 06 01 00 01 00 00")] // no such dimension
    [InlineData("01 00 00 00 00 01 00 01 FF FF FF FF 07")] // longer than the rest
    [InlineData("01 FF FF FF FF FF FF FF FF FF FF 01 00 00 00 00 01 00 00")] // a count without end
    [InlineData("01 00 00 00 00 00 03 00 00")] // no such form of a sketch
    [InlineData("01 00 00 00 00 00 01 01 00 00 00 00")] // a register of rank 0
    public void Bytes_that_say_what_cannot_be_are_refused(string hex) =>
        Assert.Throws<InvalidDataException>(() => Read(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))));

    [Fact]
    public void The_example_in_the_format_s_description_is_what_it_says()
    {
        var document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "click-rollup.md"));
        var example = document.Split("```hex")[1].Split("```")[0];
        var bytes = Convert.FromHexString(string.Concat(example.Split('\n').Select(line => line.Split('|')[0]).SelectMany(l => l.Where(char.IsAsciiHexDigit))));

        var rollup = Read(bytes);

        Assert.Equal((300, 2, 1, 0), (rollup[ClickKind.Click], rollup[ClickKind.Bot], rollup[ClickKind.Preview], rollup[ClickKind.Head]));
        Assert.Equal(
            [(ClickDimension.Referrer, "direct", 44L), (ClickDimension.Referrer, "example.org", 256L), (ClickDimension.Bot, "curl", 2L)],
            rollup.Values.Select(v => (v.Key.Dimension, v.Key.Value, v.Value)));
        Assert.Equal(2, rollup.Visitors.Estimate());
        Assert.Equal(bytes, rollup.ToBytes());
    }

    private static Rollup Sample(int values, int visitors, int from = 0)
    {
        var rollup = new Rollup();
        rollup.Add(ClickKind.Click, visitors + 1000);
        rollup.Add(ClickKind.Bot, 3);
        rollup.Add(ClickKind.Preview);
        rollup.Add(ClickKind.Head, long.MaxValue / 16);
        for (var i = from; i < from + values; i++)
        {
            rollup.Add(ClickDimension.Referrer, $"{(char)('a' + (i % 26))}{i}.example", i + 1);
            rollup.Add(ClickDimension.Language, i % 2 == 0 ? "de" : Rollup.Other);
        }

        rollup.Add(ClickDimension.Bot, "bücher-🦊");
        for (var i = from; i < from + visitors; i++)
            rollup.Visitors.Add(Groundwork.Primitives.SipHash.Hash(1, 2, BitConverter.GetBytes(i)));
        return rollup;
    }

    private static Rollup Read(byte[] bytes, int maxValues = Rollup.MaxValues)
    {
        var rollup = new Rollup(maxValues);
        rollup.MergeFrom(bytes);
        return rollup;
    }

    private static long Of(Rollup rollup, ClickDimension dimension, string value) => rollup.Values.Single(v => v.Key == (dimension, value)).Value;

    private static void AssertSame(Rollup expected, Rollup actual)
    {
        Assert.All(Enum.GetValues<ClickKind>(), kind => Assert.Equal(expected[kind], actual[kind]));
        Assert.Equal(expected.Values.OrderBy(v => v.Key.ToString()), actual.Values.OrderBy(v => v.Key.ToString()));
        Assert.Equal(expected.Visitors.Estimate(), actual.Visitors.Estimate());
    }
}
