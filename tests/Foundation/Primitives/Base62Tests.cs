using CsCheck;

namespace Groundwork.Primitives.Tests;

public sealed class Base62Tests
{
    [Theory]
    [InlineData(0, 1, "0")]
    [InlineData(61, 1, "Z")]
    [InlineData(61, 7, "000000Z")]
    [InlineData(62, 2, "10")]
    [InlineData(3_521_614_606_207, 7, "ZZZZZZZ")]
    [InlineData(long.MaxValue, 11, "aZl8N0y58M7")]
    public void Numbers_have_the_digits_that_they_should(long value, int length, string text)
    {
        Assert.Equal(text, Base62.Encode(value, length));
        Assert.True(Base62.TryDecode(text, out var back));
        Assert.Equal(value, back);
    }

    [Fact]
    public void Every_number_comes_back()
        => Gen.Long[0, long.MaxValue].Sample(value =>
            Base62.TryDecode(Base62.Encode(value, Base62.MaxLength), out var back) && back == value);

    [Fact]
    public void A_number_that_does_not_fit_is_refused()
    {
        Span<char> seven = stackalloc char[7];
        Assert.True(Base62.TryEncode(Base62.Capacity(7) - 1, seven));
        Assert.False(Base62.TryEncode(Base62.Capacity(7), seven));
        Assert.False(Base62.TryEncode(-1, seven));
        Assert.Throws<ArgumentOutOfRangeException>(() => Base62.Encode(62, 1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc-def")]
    [InlineData("abc def")]
    [InlineData("абв")]
    [InlineData("aZl8N0y58M8")]
    [InlineData("ZZZZZZZZZZZ")]
    [InlineData("000000000000")]
    public void Text_that_names_no_number_is_refused(string text) => Assert.False(Base62.TryDecode(text, out _));

    [Fact]
    public void Any_text_is_either_refused_or_names_its_number()
        => Gen.String[Gen.Char[' ', '\u00ff'], 0, 13].Sample(text =>
            !Base62.TryDecode(text, out var value) || Base62.Encode(value, text.Length) == text);
}
