using Groundwork.Primitives.Urls;

namespace Groundwork.Primitives.Tests.Urls;

public sealed class WebUrlTests
{
    [Fact]
    public void A_url_is_cut_into_its_parts()
    {
        var url = Parse("https://user:pa%20ss@Example.org:8443/a/b?c=d#e");

        Assert.Equal("https", url.Scheme);
        Assert.True(url.IsSpecial);
        Assert.Equal("user", url.Username);
        Assert.Equal("pa%20ss", url.Password);
        Assert.True(url.HasCredentials);
        Assert.Equal("example.org", url.Host);
        Assert.Equal(8443, url.Port);
        Assert.Equal("/a/b", url.Path);
        Assert.Equal("c=d", url.Query);
        Assert.Equal("e", url.Fragment);
        Assert.Equal("https://user:pa%20ss@example.org:8443/a/b?c=d#e", url.Href);
        Assert.Equal("https://example.org:8443", url.Origin);
    }

    [Fact]
    public void What_is_empty_differs_from_what_is_not_there()
    {
        var empty = Parse("http://example.org/?#");
        Assert.Equal(("", ""), (empty.Query, empty.Fragment));
        Assert.Equal("http://example.org/?#", empty.Href);

        var absent = Parse("http://example.org/");
        Assert.Equal((null, null, null), (absent.Query, absent.Fragment, absent.Port));

        Assert.Null(Parse("mailto:a@example.org").Host);
        Assert.Equal("", Parse("file:///a").Host);
        Assert.Equal("", Parse("mailto:a@example.org").Username);
    }

    [Theory]
    [InlineData("https://example.org")]
    [InlineData("HTTPS://EXAMPLE.org:443/%7Euser/../a?q='x'#y")]
    [InlineData("https://bücher.example/ü?ö#ß")]
    [InlineData("https://xn--bcher-kva.example/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://[2001:db8::1]:8080/")]
    [InlineData("https://[::127.0.0.1]/")]
    [InlineData("https://example.org/a//b/")]
    [InlineData("https://example.org/100%25")]
    [InlineData("mailto:someone@example.org")]
    [InlineData("git://example.org/x.git")]
    [InlineData("file:///C:/a")]
    public void A_valid_url_string_has_no_validation_error(string text) => Assert.False(Parse(text).HasValidationError);

    [Theory]
    [InlineData(" https://example.org/")]
    [InlineData("https://example.org/\n")]
    [InlineData("ht\ntps://example.org/")]
    [InlineData("https://example.org/a\tb")]
    [InlineData("https:example.org")]
    [InlineData("https:/example.org")]
    [InlineData("https:///example.org")]
    [InlineData("https:\\\\example.org")]
    [InlineData("https://example.org\\a")]
    [InlineData("https://example.org/a\\b")]
    [InlineData("https://user@example.org/")]
    [InlineData("https://@example.org/")]
    [InlineData("https://exam%70le.org/")]
    [InlineData("https://a_b.example/")]
    [InlineData("https://-a.example/")]
    [InlineData("https://ab--c.example/")]
    [InlineData("https://a..example/")]
    [InlineData("https://xn--a.example/")]
    [InlineData("https://xn--zz.example/")]
    [InlineData("https://-é-.example/")]
    [InlineData("https://127.1/")]
    [InlineData("https://127.0.0.1./")]
    [InlineData("https://0x7f.0.0.1/")]
    [InlineData("https://[::01]/")]
    [InlineData("https://example.org/a b")]
    [InlineData("https://example.org/a>b")]
    [InlineData("https://example.org/a|b")]
    [InlineData("https://example.org/[a]")]
    [InlineData("https://example.org/%zz")]
    [InlineData("https://example.org/%")]
    [InlineData("https://example.org/\u0085")]
    [InlineData("https://example.org/\uFDD0")]
    [InlineData("https://example.org/?a b")]
    [InlineData("https://example.org/?\"")]
    [InlineData("https://example.org/#a#b")]
    [InlineData("https://example.org/#a`b")]
    [InlineData("mailto:a b")]
    [InlineData("foo://a\"b/")]
    [InlineData("file:/a")]
    [InlineData("file:///C|/a")]
    [InlineData("file://C:/a")]
    public void What_the_standard_repairs_is_reported(string text) => Assert.True(Parse(text).HasValidationError);

    [Fact]
    public void A_host_that_dns_would_not_take_is_reported()
    {
        Assert.False(Parse($"https://{new string('a', 63)}.example/").HasValidationError);
        Assert.True(Parse($"https://{new string('a', 64)}.example/").HasValidationError);
        Assert.False(Parse($"https://{Labels(252)}a/").HasValidationError);
        Assert.True(Parse($"https://{Labels(254)}a/").HasValidationError);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("https://")]
    [InlineData("https://?")]
    [InlineData("https://:80/")]
    [InlineData("https://user@/")]
    [InlineData("https://example.org:65536/")]
    [InlineData("https://example.org:8a/")]
    [InlineData("https://exa mple.org/")]
    [InlineData("https://exa%23mple.org/")]
    [InlineData("https://1.2.3.4.5/")]
    [InlineData("https://1.2.3.256/")]
    [InlineData("https://[::1/")]
    [InlineData("https://[1:2:3]/")]
    [InlineData("https://\u00AD/")]
    [InlineData("https://a\u200Db.example/")]
    public void What_no_browser_would_follow_is_refused(string text)
    {
        Assert.False(WebUrl.TryParse(text, out var url));
        Assert.Null(url);
    }

    [Theory]
    [InlineData("../c?d", "https://example.org/c?d")]
    [InlineData("?d", "https://example.org/a/b?d")]
    [InlineData("#d", "https://example.org/a/b?q#d")]
    [InlineData("", "https://example.org/a/b?q")]
    [InlineData("//other.example", "https://other.example/")]
    [InlineData("\\d", "https://example.org/d")]
    [InlineData("https:d", "https://example.org/a/d")]
    [InlineData("http:d", "http://d/")]
    public void A_relative_url_starts_from_its_base(string text, string href)
    {
        Assert.True(WebUrl.TryParse(text, Parse("https://example.org/a/b?q#f"), out var url));
        Assert.Equal(href, url.Href);
    }

    [Theory]
    [InlineData("foo:a ?b", "foo:a%20?b")]
    [InlineData("foo:a b", "foo:a b")]
    [InlineData("https://example.org/^", "https://example.org/%5E")]
    [InlineData("https://xn--a.example/", "https://xn--a.example/")]
    public void What_the_standard_changed_since_its_test_data_holds(string text, string href) => Assert.Equal(href, Parse(text).Href);

    [Fact]
    public void The_longest_text_is_parsed_and_a_longer_one_refused()
    {
        const string Start = "https://example.org/";

        Assert.Equal(WebUrl.MaxLength, Parse(Start + new string('a', WebUrl.MaxLength - Start.Length)).Href.Length);
        Assert.False(WebUrl.TryParse(Start + new string('a', WebUrl.MaxLength - Start.Length + 1), out _));
    }

    [Fact]
    public void A_domain_that_is_not_ascii_is_bounded()
    {
        Assert.True(WebUrl.TryParse($"https://{new string('é', 2048)}/", out _));
        Assert.False(WebUrl.TryParse($"https://{new string('é', 2049)}/", out _));

        // One character that becomes eighteen.
        Assert.False(WebUrl.TryParse($"https://{new string('\uFDFA', 200)}/", out _));
    }

    private static WebUrl Parse(string text)
    {
        Assert.True(WebUrl.TryParse(text, out var url), text);
        return url;
    }

    /// <summary>Labels of one letter with their dots, so many characters in all.</summary>
    private static string Labels(int length) => string.Concat(Enumerable.Repeat("a.", length / 2));
}
