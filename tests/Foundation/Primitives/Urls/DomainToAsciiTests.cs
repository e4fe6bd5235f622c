using Groundwork.Primitives.Urls.Idna;

namespace Groundwork.Primitives.Tests.Urls;

public sealed class DomainToAsciiTests
{
    [Theory]
    [InlineData("Bücher.example", "xn--bcher-kva.example")]
    [InlineData("faß.de", "xn--fa-hia.de")]
    [InlineData("Faẞ.de", "xn--fa-hia.de")]
    [InlineData("βόλος.com", "xn--nxasmm1c.com")]
    [InlineData("日本語。ＪＰ", "xn--wgv71a119e.jp")]
    [InlineData("☕.example", "xn--53h.example")]
    [InlineData("u\u0308.com", "xn--tda.com")]
    [InlineData("a\u00ADb\u200B.com", "ab.com")]
    [InlineData("xn--fa-hia.de", "xn--fa-hia.de")]
    [InlineData("ශ්\u200Dරී.com", "xn--10cl1a0b660p.com")]
    [InlineData("نامه\u200Cای.com", "xn--mgba3gch31f060k.com")]
    [InlineData("\U00016EA0.example", "xn--zs0f.example")]
    public void A_domain_is_mapped_normalized_and_encoded(string domain, string ascii)
    {
        Assert.True(DomainToAscii.TryConvert(domain, out var converted, out var strict));
        Assert.Equal(ascii, converted);
        Assert.True(strict);
    }

    [Theory]
    [InlineData("a\u200Db")] // a joiner without a virama before it
    [InlineData("a\u200Cb")] // a non-joiner between letters that do not join
    [InlineData("\u0301a")] // a mark at the start
    [InlineData("\uE000")] // private use
    [InlineData("\uFFFD")]
    [InlineData("xn--é")] // Punycode that is not ASCII
    [InlineData("é.xn--a")] // no Punycode
    [InlineData("é.xn--abc-")] // Punycode of ASCII
    [InlineData("é.xn--u-ccb")] // Punycode of what is not normalized
    [InlineData("אa")] // left to right behind right to left
    [InlineData("aא")]
    [InlineData("א1\u0661")] // both kinds of digits
    [InlineData("1.א")] // a label with a digit first in a domain with right to left
    public void A_domain_that_breaks_a_rule_is_refused(string domain) => Assert.False(DomainToAscii.TryConvert(domain, out _, out _));

    [Theory]
    [InlineData("-é")]
    [InlineData("é-")]
    [InlineData("ab--é")]
    [InlineData("é_a")]
    [InlineData("é..a")]
    [InlineData("é.")]
    public void A_domain_that_only_the_strict_rules_refuse_is_converted(string domain)
    {
        Assert.True(DomainToAscii.TryConvert(domain, out _, out var strict));
        Assert.False(strict);
    }

    [Theory]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("a\u0307\u0323", "\u1EA1\u0307")] // reordered, then composed over what does not block
    [InlineData("\u0958", "\u0915\u093C")] // excluded from composition
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\uD55C", "\uD55C")]
    [InlineData("a\u0315\u0300\u05AE\u0062", "\u00E0\u05AE\u0315\u0062")]
    public void Text_is_brought_into_normalization_form_c(string text, string expected)
    {
        var codePoints = CodePoints(text);

        Normalization.Compose(codePoints);

        Assert.Equal(CodePoints(expected), codePoints);
    }

    // The samples of RFC 3492, section 7.1, in lower case where its own case does not matter.
    [Theory]
    [InlineData("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn")]
    [InlineData("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye")]
    [InlineData("למההםפשוטלאמדבריםעברית", "4dbcagdahymbxekheh6e0a7fei0b")]
    [InlineData("なぜみんな日本語を話してくれないのか", "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa")]
    [InlineData("TạisaohọkhôngthểchỉnóitiếngViệt", "TisaohkhngthchnitingVit-kjcr8268qyxafd2f1b9g")]
    [InlineData("3年B組金八先生", "3B-ww4c5e180e575a65lsy2b")]
    [InlineData("-> $1.00 <-", "-> $1.00 <--")]
    public void Punycode_is_that_of_its_rfc(string text, string encoded)
    {
        var codePoints = CodePoints(text);
        Assert.Equal(encoded, Punycode.Encode([.. codePoints]));

        var decoded = new List<int>();
        Assert.True(Punycode.TryDecode(encoded, decoded));
        Assert.Equal(codePoints, decoded);
    }

    [Theory]
    [InlineData("é")]
    [InlineData("a!")]
    [InlineData("a-b_c")]
    [InlineData("999999999")] // beyond Unicode
    [InlineData("bcher-kv")] // ends inside a number
    public void What_is_no_punycode_is_refused(string text) => Assert.False(Punycode.TryDecode(text, []));

    private static List<int> CodePoints(string text) => [.. text.EnumerateRunes().Select(rune => rune.Value)];
}
