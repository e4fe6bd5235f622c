using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Tests.Resp;

public sealed unsafe class ArgumentsTests
{
    [Fact]
    public void A_copy_keeps_its_bytes_when_the_buffer_is_used_again()
    {
        var parser = new RequestParser();
        var bytes = ParsedPieces.Bytes("*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n");
        Arguments copy;
        fixed (byte* data = bytes)
        {
            Assert.Equal(RequestStatus.Command, parser.Parse(data, bytes.Length, out _));
            copy = Arguments.CopyOf(parser.Arguments);
            bytes.AsSpan().Clear();
            parser.Parse(data, 0, out _);
        }

        Assert.Equal("GET|key", ParsedPieces.Text(copy));
        Assert.Equal("GET|key", ParsedPieces.Text(Arguments.CopyOf(copy)));
        Assert.Equal(6, copy.Bytes);
    }

    [Fact]
    public void An_argument_that_is_not_there_is_an_error()
    {
        var arguments = Arguments.Of("SET", "ключ");

        Assert.Equal(2, arguments.Count);
        Assert.Equal("ключ"u8.ToArray(), arguments[1].ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => arguments[2].Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => arguments[-1].Length);
    }

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("-1", -1L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("9223372036854775808", null)]
    [InlineData("-9223372036854775809", null)]
    [InlineData("18446744073709551616", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData("", null)]
    [InlineData("-", null)]
    [InlineData("-0", null)]
    [InlineData("00", null)]
    [InlineData("01", null)]
    [InlineData("+1", null)]
    [InlineData(" 1", null)]
    [InlineData("1 ", null)]
    [InlineData("1e3", null)]
    public void Integers_are_taken_as_Redis_takes_them(string text, long? expected)
    {
        Assert.Equal(expected is not null, IntegerText.TryParse(ParsedPieces.Bytes(text), out var value));
        if (expected is not null)
            Assert.Equal(expected, value);
    }
}
