namespace Groundwork.Links.Tests.Safety;

public sealed class HostListTests
{
    [Theory]
    [InlineData("bad.example", "bad.example", true)]
    [InlineData("bad.example", "www.bad.example", true)]
    [InlineData("bad.example", "notbad.example", false)]
    [InlineData("bad.example", "example", false)]
    [InlineData("*.bad.example", "bad.example", true)]
    [InlineData("Bad.Example.", "bad.example", true)]
    [InlineData("bad.example # since May", "bad.example", true)]
    [InlineData("# bad.example", "bad.example", false)]
    [InlineData("0.0.0.0 bad.example worse.example", "worse.example", true)]
    [InlineData("0.0.0.0 bad.example", "0.0.0.0", false)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("bücher.example", "xn--bcher-kva.example", true)]
    [InlineData("", "bad.example", false)]
    public void A_listed_host_stands_for_itself_and_all_below_it(string text, string host, bool listed)
    {
        Assert.True(HostList.TryRead(new StringReader(text), out var list, out var error), error);
        Assert.Equal(listed, list.Contains(host));
    }

    [Theory]
    [InlineData("good.example\nbad/example", "line 2 has 'bad/example'")]
    [InlineData("bad.example:80", "line 1 has 'bad.example:80'")]
    [InlineData("exa mple\n<html>", "line 2 has '<html>'")]
    public void A_line_that_is_no_host_is_named(string text, string expected)
    {
        Assert.False(HostList.TryRead(new StringReader(text), out _, out var error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }
}
