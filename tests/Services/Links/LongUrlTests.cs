namespace Groundwork.Links.Tests;

public sealed class LongUrlTests
{
    [Theory]
    [InlineData("https://example.org")]
    [InlineData("https://example.org/")]
    [InlineData("HTTPS://Example.org:443/%7Euser/../a?q='x'#y")]
    [InlineData("http://example.org/a//b/./c")]
    [InlineData("https://example.org/?#")]
    [InlineData("https://xn--bcher-kva.example/")]
    [InlineData("https://127.0.0.1:8080/")]
    [InlineData("https://[2001:db8::1]/")]
    public void What_is_ascii_and_valid_is_kept_to_the_letter(string text) => Assert.Equal(text, Kept(text));

    [Theory]
    [InlineData("https://bücher.example/a", "https://xn--bcher-kva.example/a")]
    [InlineData("https://BÜCHER.example:443", "https://xn--bcher-kva.example/")]
    [InlineData("https://日本語。ＪＰ/", "https://xn--wgv71a119e.jp/")]
    [InlineData("https://faß.de/", "https://xn--fa-hia.de/")]
    [InlineData("https://example.org/ü?ö#ß", "https://example.org/%C3%BC?%C3%B6#%C3%9F")]
    [InlineData("https://example.org/😀", "https://example.org/%F0%9F%98%80")]
    [InlineData("https://example.org/a<b>\"{c}`", "https://example.org/a%3Cb%3E%22%7Bc%7D%60")]
    [InlineData("https://example.org/100%", "https://example.org/100%")]
    [InlineData("https:example.org", "https://example.org/")]
    [InlineData("https:/example.org", "https://example.org/")]
    [InlineData("https://@example.org/", "https://example.org/")]
    [InlineData("https://exam%70le.org/", "https://example.org/")]
    [InlineData("https://a_b.example/a|b", "https://a_b.example/a|b")]
    [InlineData("https://0x7f.1/", "https://127.0.0.1/")]
    [InlineData("https://2130706433/", "https://127.0.0.1/")]
    [InlineData("https://[::0001]/", "https://[::1]/")]
    public void Anything_else_is_kept_as_the_standard_writes_it(string text, string kept) => Assert.Equal(kept, Kept(text));

    [Theory]
    [InlineData(null, "required")]
    [InlineData("", "required")]
    [InlineData(" ", "required")]
    [InlineData(" https://example.org/", "space")]
    [InlineData("https://example.org/ ", "space")]
    [InlineData("https://example.org/a b", "space")]
    [InlineData("https://example.org/\n", "control character")]
    [InlineData("https://exam\tple.org/", "control character")]
    [InlineData("https://example.org/\0", "control character")]
    [InlineData("https://example.org/\u007F", "control character")]
    [InlineData("https://example.org/\u0085", "control character")]
    [InlineData("https://example.org\\a", "backslash")]
    [InlineData("example.org", "absolute http or https URL")]
    [InlineData("//example.org/", "absolute http or https URL")]
    [InlineData("ftp://example.org/", "absolute http or https URL")]
    [InlineData("file:///etc/passwd", "absolute http or https URL")]
    [InlineData("javascript:alert(1)", "absolute http or https URL")]
    [InlineData("data:text/html,x", "absolute http or https URL")]
    [InlineData("view-source:https://example.org/", "absolute http or https URL")]
    [InlineData("https://", "valid host")]
    [InlineData("https://:80/", "valid host")]
    [InlineData("https://\u00AD/", "valid host")]
    [InlineData("https://exa%6Gmple.org/", "valid host")]
    [InlineData("https://exa%20mple.org/", "valid host")]
    [InlineData("https://1.2.3.256/", "valid host")]
    [InlineData("https://[::1/", "valid host")]
    [InlineData("https://example.org:65536/", "valid host")]
    [InlineData("https://user@example.org/", "user name or a password")]
    [InlineData("https://:secret@example.org/", "user name or a password")]
    [InlineData("https://example.org:443@evil.example/", "user name or a password")]
    [InlineData("https:user@example.org", "user name or a password")]
    public void What_no_link_may_lead_to_is_refused_with_the_reason(string? text, string reason)
    {
        Assert.False(LongUrl.TryNormalize(text, out var kept, out _, out var error));
        Assert.Equal("", kept);
        Assert.StartsWith("long_url ", error, StringComparison.Ordinal);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_has_at_most_8192_bytes_in_its_ascii_form()
    {
        const string Start = "https://example.org/";

        Assert.Equal(8192, Kept(Start + new string('a', 8192 - Start.Length)).Length);
        Assert.False(LongUrl.TryNormalize(Start + new string('a', 8193 - Start.Length), out _, out _, out var error));
        Assert.Contains("8193", error, StringComparison.Ordinal);

        // Six bytes each.
        Assert.Equal(8192, Kept(Start + "aa" + new string('ü', 1361) + "aaaa").Length);
        Assert.False(LongUrl.TryNormalize(Start + "aa" + new string('ü', 1362), out _, out _, out error));
        Assert.Contains("8194 characters in its encoded form", error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_browser_makes_of_the_address_is_told_to_who_must_know_where_it_leads()
    {
        Assert.True(LongUrl.TryNormalize("HTTP://EXAMPLE.org:8080/a", out _, out var url, out _));
        Assert.Equal("example.org", url.Host);
        Assert.Equal(8080, url.Port);

        Assert.True(LongUrl.TryNormalize("https://0177.0.0.1/", out _, out url, out _));
        Assert.Equal("127.0.0.1", url.Host);
        Assert.Null(url.Port);
    }

    private static string Kept(string text)
    {
        Assert.True(LongUrl.TryNormalize(text, out var kept, out _, out var error), error);
        return kept;
    }
}
