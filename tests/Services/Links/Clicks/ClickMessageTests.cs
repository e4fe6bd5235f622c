using System.Text;
using CsCheck;
using Groundwork.Links.Clicks;

namespace Groundwork.Links.Tests.Clicks;

public sealed class ClickMessageTests
{
    private const long At = 1_767_323_045;

    private readonly TextPool _texts = new();

    [Fact]
    public void A_click_reads_as_the_page_says()
    {
        var click = new ReadClick(ClickKind.Click, new UserAgent("Firefox", "Linux", "desktop", null), "example.org", "de", 0xabc);
        Assert.Equal(
            """{"id":"00000000000000ff-7","number":"123","code":"Ab3dE6g","at":"2026-01-02T03:04:05Z","kind":"click","referrer":"example.org","browser":"Firefox","system":"Linux","device":"desktop","language":"de","visitor":"0000000000000abc"}""",
            Text(new ClickMessage(0xff, 7, 123, At, click).ToBytes("Ab3dE6g")));
        Assert.Equal(
            """{"id":"00000000000000ff-8","number":"-5","at":"2026-01-02T03:04:05Z","kind":"bot","bot":"Googlebot"}""",
            Text(new ClickMessage(0xff, 8, -5, At, new ReadClick(ClickKind.Bot, new UserAgent(Rollup.Other, Rollup.Other, Rollup.Other, "Googlebot"), "", "", 0)).ToBytes(null)));
    }

    [Fact]
    public void What_was_written_is_read_as_it_was() => Gen.Select(
            Gen.ULong, Gen.Long[0, long.MaxValue], Gen.Long, Gen.Long[0, At], Gen.Enum<ClickKind>(), Gen.String[1, Rollup.MaxValueLength].Array[6], Gen.ULong)
        .Sample((publisher, sequence, number, at, kind, texts, visitor) =>
        {
            // What is no character is not written as one.
            var t = texts.Select(text => new string([.. text.Where(c => !char.IsSurrogate(c))]) + "x").Select(text => text[..Math.Min(text.Length, Rollup.MaxValueLength)]).ToArray();
            var click = kind switch
            {
                ClickKind.Click => new ReadClick(kind, new UserAgent(t[0], t[1], t[2], null), t[3], t[4], visitor),
                ClickKind.Bot => new ReadClick(kind, new UserAgent(Rollup.Other, Rollup.Other, Rollup.Other, t[5]), "", "", 0),
                _ => new ReadClick(kind, UserAgent.Unknown, "", "", 0),
            };
            var message = new ClickMessage(publisher, sequence, number, at, click);
            Assert.True(ClickMessage.TryRead(message.ToBytes("code"), new TextPool(), out var read));
            Assert.Equal(message, read);
        });

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"number":"1","kind":"click"}""")]
    [InlineData("""{"number":"1","at":"2026-01-02T03:04:05Z"}""")]
    [InlineData("""{"number":"one","at":"2026-01-02T03:04:05Z","kind":"click"}""")]
    [InlineData("""{"number":"1","at":"yesterday","kind":"click"}""")]
    [InlineData("""{"number":"1","at":"1969-01-02T03:04:05Z","kind":"click"}""")]
    [InlineData("""{"number":"1","at":"9999-01-02T03:04:05Z","kind":"click"}""")]
    [InlineData("""{"number":"1","at":"2026-01-02T03:04:05Z","kind":"other"}""")]
    [InlineData("""{"number":"1","at":"2026-01-02T03:04:05Z","kind":"click" """)]
    public void What_is_no_click_is_none(string text) => Assert.False(ClickMessage.TryRead(Encoding.UTF8.GetBytes(text), _texts, out _));

    [Fact]
    public void What_a_later_version_says_more_is_passed_over_and_what_is_too_long_is_other()
    {
        var text = $$"""{"more":{"a":[1,2]},"number":"1","n":5,"at":"2026-01-02T03:04:05Z","kind":"click","referrer":"{{new string('x', 65)}}","browser":"{{new string('y', 600)}}"}""";
        Assert.True(ClickMessage.TryRead(Encoding.UTF8.GetBytes(text), _texts, out var read));
        Assert.Equal((1, At, Rollup.Other, Rollup.Other), (read.Number, read.At, read.Click.Referrer, read.Click.Agent.Browser));
    }

    [Fact]
    public void Nothing_that_anybody_writes_fails() => Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[0, 200]).Sample((noise, cut) =>
    {
        var texts = new TextPool();
        var whole = new ClickMessage(1, 2, 3, At, new ReadClick(ClickKind.Click, UserAgent.Unknown, "r", "de", 1)).ToBytes("abc");
        _ = ClickMessage.TryRead(noise, texts, out _);
        foreach (var (at, value) in noise.Take(3).Select((value, i) => ((value * (i + 7)) % whole.Length, value)))
            whole[at] = value;
        _ = ClickMessage.TryRead(whole.AsMemory(0, Math.Min(cut, whole.Length)), texts, out _);
        _ = ClickMessage.TryRead(whole, texts, out _);
    });

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
