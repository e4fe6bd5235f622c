using Groundwork.Platform.Http;

namespace Groundwork.Links.Tests.Codes;

public sealed class AliasTests
{
    [Theory]
    [InlineData("abc")]
    [InlineData("A-Z_9")]
    [InlineData("---")]
    [InlineData("v1-docs")]
    [InlineData("classics")] // offends nobody
    [InlineData("essex-cockatoo")]
    [InlineData("order-455")] // a number, whatever it looks like
    public void Three_to_64_of_the_allowed_characters_may_be_chosen(string alias) => Assert.True(Alias.TryCheck(alias, out _));

    [Theory]
    [InlineData("", "3 to 64")]
    [InlineData("ab", "3 to 64")]
    [InlineData("a.c", "3 to 64")]
    [InlineData("a/c", "3 to 64")]
    [InlineData("a c", "3 to 64")]
    [InlineData("äöü", "3 to 64")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234", "3 to 64")]
    [InlineData("docs", "the server's own")]
    [InlineData("DOCS", "the server's own")]
    [InlineData("Health", "the server's own")]
    [InlineData("fuck", "offend")]
    [InlineData("FuCk", "offend")]
    [InlineData("you-fuck", "offend")]
    [InlineData("5h17", "offend")] // read as letters
    [InlineData("my_4ss_x", "offend")]
    public void Anything_else_is_refused_with_what_would_be_right(string alias, string reason)
    {
        Assert.False(Alias.TryCheck(alias, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void No_address_of_the_house_may_be_chosen() =>
        Assert.All(ReservedSegments.All, word => Assert.False(Alias.TryCheck(word, out _)));

    [Theory]
    [InlineData("xxshitx")]
    [InlineData("aFuCkbb")]
    [InlineData("a5h17bb")]
    [InlineData("pu55yZZ")]
    public void A_drawn_code_is_not_presentable_with_a_listed_word_anywhere_in_it(string code) => Assert.False(CodeSpace.IsPresentable(code));

    [Theory]
    [InlineData("metrics")] // seven base62 characters, and the house's own
    [InlineData("METRICS")]
    [InlineData("openapi")]
    public void A_drawn_code_that_is_an_address_of_the_house_is_not_presentable(string code) => Assert.False(CodeSpace.IsPresentable(code));
}
