using Groundwork.Console.Design;

namespace Groundwork.Console.Tests.Design;

public sealed class FormatTests
{
    [Theory]
    [InlineData(null, "–")]
    [InlineData(double.NaN, "–")]
    [InlineData(double.PositiveInfinity, "–")]
    [InlineData(0.0, "0")]
    [InlineData(0.0004, "<0.001")]
    [InlineData(0.25, "0.25")]
    [InlineData(0.99999, "1")]
    [InlineData(1.0, "1")]
    [InlineData(9.99, "9.99")]
    [InlineData(9.996, "10")]
    [InlineData(12.345, "12.3")]
    [InlineData(123.45, "123")]
    [InlineData(999.4, "999")]
    [InlineData(999.6, "1 k")]
    [InlineData(1234.0, "1.23 k")]
    [InlineData(-1234.0, "−1.23 k")]
    [InlineData(45_600_000.0, "45.6 M")]
    [InlineData(1e21, "1000 E")]
    public void Numbers_have_three_figures(double? value, string text) => Assert.Equal(text, Plain(Format.Number(value)));

    [Theory]
    [InlineData(null, "–")]
    [InlineData(0.0, "0 B")]
    [InlineData(512.0, "512 B")]
    [InlineData(1023.6, "1 KiB")]
    [InlineData(1536.0, "1.5 KiB")]
    [InlineData(4_194_304.0, "4 MiB")]
    [InlineData(2_415_919_104.0, "2.25 GiB")]
    public void Sizes_are_binary(double? value, string text) => Assert.Equal(text, Plain(Format.Bytes(value)));

    [Theory]
    [InlineData(null, "–")]
    [InlineData(0.0, "0 /s")]
    [InlineData(12.3, "12.3 /s")]
    [InlineData(1234.0, "1.23 k/s")]
    public void Rates_are_a_second(double? value, string text) => Assert.Equal(text, Plain(Format.Rate(value)));

    [Theory]
    [InlineData(0.0, "0 %")]
    [InlineData(0.002, "0.2 %")]
    [InlineData(0.4567, "45.7 %")]
    [InlineData(1.0, "100 %")]
    public void Parts_are_percents(double value, string text) => Assert.Equal(text, Plain(Format.Percent(value)));

    [Theory]
    [InlineData(0.0, "0 s")]
    [InlineData(0.0000015, "1.5 µs")]
    [InlineData(0.00012, "120 µs")]
    [InlineData(0.0009996, "1 ms")]
    [InlineData(0.00125, "1.25 ms")]
    [InlineData(0.9996, "1 s")]
    [InlineData(3.2, "3.2 s")]
    [InlineData(59.94, "59.9 s")]
    [InlineData(59.96, "1 min")]
    [InlineData(250.0, "4 min 10 s")]
    [InlineData(3599.7, "1 h")]
    [InlineData(7500.0, "2 h 5 min")]
    [InlineData(86_399.0, "1 d")]
    [InlineData(273_600.0, "3 d 4 h")]
    [InlineData(-1.5, "−1.5 s")]
    public void Durations_have_the_unit_that_fits(double seconds, string text) =>
        Assert.Equal(text, Plain(Format.Duration(TimeSpan.FromSeconds(seconds))));

    [Fact]
    public void What_is_not_known_is_a_dash() => Assert.Equal("–", Format.Duration(null));

    [Theory]
    [InlineData(5, "less than a minute")]
    [InlineData(61, "1 min")]
    [InlineData(7505, "2 h 5 min")]
    public void Ages_do_not_count_seconds(int seconds, string text) => Assert.Equal(text, Plain(Format.Age(TimeSpan.FromSeconds(seconds))));

    [Fact]
    public void Counts_have_their_thousands_apart() => Assert.Equal("1 234 567", Plain(Format.Count(1_234_567)));

    [Fact]
    public void Moments_are_told_in_UTC()
    {
        var moment = new DateTimeOffset(2026, 11, 24, 16, 5, 9, 123, TimeSpan.FromHours(2));

        Assert.Equal("2026-11-24 14:05:09 UTC", Format.Time(moment));
        Assert.Equal("2026-11-24 14:05:09.123 UTC", Format.Time(moment, precise: true));
    }

    // Numbers and units are kept together by a narrow space that does not break.
    private static string Plain(string text) => text.Replace('\u202f', ' ');
}
