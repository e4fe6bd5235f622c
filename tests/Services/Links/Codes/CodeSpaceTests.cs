using Groundwork.Primitives;

namespace Groundwork.Links.Tests.Codes;

public sealed class CodeSpaceTests
{
    private static readonly CodeSpace Space = new([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);

    public static TheoryData<long> Numbers =>
    [
        0, 1, 61, 62, 999, CodeSpace.ShortCodes / 2, CodeSpace.ShortCodes - 1,
        CodeSpace.ShortCodes, CodeSpace.ShortCodes + 1, CodeSpace.ShortCodes + (CodeSpace.LongCodes / 2), CodeSpace.ShortCodes + CodeSpace.LongCodes - 1,
    ];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void The_code_of_a_number_leads_back_to_it(long number)
    {
        var code = Space.CodeOf(number, alias: null);

        Assert.Equal(number < CodeSpace.ShortCodes ? CodeSpace.ShortLength : CodeSpace.LongLength, code.Length);
        Assert.True(Space.TryNumber(code, out var back));
        Assert.Equal(number, back);
        Assert.True(Alias.HasForm(code));
    }

    [Fact]
    public void Every_code_of_ten_thousand_numbers_is_another_one()
    {
        var codes = new HashSet<string>();
        for (var number = 0; number < 10_000; number++)
        {
            Assert.True(codes.Add(Space.CodeOf(number, null)));
            Assert.True(codes.Add(Space.CodeOf(CodeSpace.ShortCodes + number, null)));
        }
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("spring")]
    [InlineData("spring-sale")]
    [InlineData("8chars_x")]
    [InlineData("sev_en7")]
    [InlineData("ZZZZZZZZZZZ")] // eleven base62 characters beyond 2⁶², where no snowflake lies
    [InlineData("----------------------------------------------------------------")]
    public void An_alias_of_any_other_form_has_a_number_below_zero_and_keeps_its_text(string alias)
    {
        Assert.True(Space.TryNumber(alias, out var number));
        Assert.True(number < 0);
        Assert.Equal(alias, Space.CodeOf(number, alias));
        Assert.Throws<InvalidOperationException>(() => Space.CodeOf(number, alias: null));
    }

    [Theory]
    [InlineData("0000000")]
    [InlineData("Sevench")]
    [InlineData("ZZZZZZZ")]
    public void An_alias_of_seven_base62_characters_lies_where_the_counter_will_meet_it(string alias)
    {
        Assert.True(Space.TryNumber(alias, out var number));
        Assert.InRange(number, 0, CodeSpace.ShortCodes - 1);
        Assert.Equal(alias, Space.CodeOf(number, alias: null));
    }

    [Fact]
    public void An_alias_of_eleven_base62_characters_below_two_to_the_62_lies_among_the_snowflakes()
    {
        var largest = Base62.Encode(CodeSpace.LongCodes - 1, CodeSpace.LongLength);

        Assert.True(Space.TryNumber(largest, out var number));
        Assert.InRange(number, CodeSpace.ShortCodes, CodeSpace.ShortCodes + CodeSpace.LongCodes - 1);
        Assert.Equal(largest, Space.CodeOf(number, alias: null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ab")]
    [InlineData("a b")]
    [InlineData("a.b")]
    [InlineData("abc\n")]
    [InlineData("abcdéfg")]
    [InlineData("аbcdefg")] // a Cyrillic first letter
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123x")]
    public void What_has_not_the_form_of_a_code_has_no_number(string text) => Assert.False(Space.TryNumber(text, out _));

    [Theory]
    [InlineData("AbCdEfG", "abcdefg")]
    [InlineData("Spring", "spring")]
    [InlineData("abcdefghijk", "ABCDEFGHIJK")]
    public void Codes_that_differ_in_case_alone_are_different_codes(string one, string other)
    {
        Assert.True(Space.TryNumber(one, out var first));
        Assert.True(Space.TryNumber(other, out var second));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Another_key_gives_other_codes_and_leaves_aliases_where_they_are()
    {
        var other = new CodeSpace([.. Enumerable.Range(2, 32).Select(i => (byte)i)]);

        Assert.NotEqual(Space.CodeOf(0, null), other.CodeOf(0, null));
        Assert.True(Space.TryNumber("spring-sale", out var here));
        Assert.True(other.TryNumber("spring-sale", out var there));
        Assert.Equal(here, there);
    }
}
