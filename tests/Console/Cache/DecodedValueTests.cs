using Groundwork.Console.Pages.Cache;

namespace Groundwork.Console.Tests.Cache;

public sealed class DecodedValueTests
{
    [Theory]
    [InlineData("hello", ValueLook.Text, "hello")]
    [InlineData("", ValueLook.Text, "")]
    [InlineData("-42", ValueLook.Number, "-42")]
    [InlineData("""{"a":[1,2],"b":"é"}""", ValueLook.Json, "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": \"é\"\n}")]
    [InlineData("{not json", ValueLook.Text, "{not json")]
    [InlineData("two\nlines", ValueLook.Text, "two\nlines")]
    [InlineData("\u0001\u0002", ValueLook.Bytes, "000000  01 02                                            ..")]
    public void Text_is_shown_as_what_it_looks_like(string text, ValueLook look, string shown) =>
        Assert.Equal(new DecodedValue(look, shown), DecodedValue.Of(text, null));

    [Fact]
    public void Bytes_are_shown_in_lines_of_sixteen_with_the_letters_among_them()
    {
        var value = DecodedValue.Of(null, Convert.ToBase64String([.. "abcdefghijklmnop"u8, 0xFF]));

        Assert.Equal(ValueLook.Bytes, value.Look);
        Assert.Equal(
            "000000  61 62 63 64 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70  abcdefghijklmnop\n"
            + "000010  ff                                               .",
            value.Shown);
    }
}
