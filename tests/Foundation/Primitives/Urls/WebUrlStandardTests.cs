using Groundwork.Primitives.Urls;

namespace Groundwork.Primitives.Tests.Urls;

/// <summary>Every case of the standard's own test data.</summary>
public sealed class WebUrlStandardTests
{
    public static TheoryData<int, string> UrlCases()
    {
        var rows = new TheoryData<int, string>();
        foreach (var (index, item) in UrlTestData.Urls.Index())
            rows.Add(index, $"{UrlTestData.Shown(item.Text("input"))} on {UrlTestData.Shown(item.Text("base"))}");
        return rows;
    }

    public static TheoryData<int, string> DomainCases()
    {
        var rows = new TheoryData<int, string>();
        foreach (var (index, item) in UrlTestData.Domains.Index())
            rows.Add(index, UrlTestData.Shown(item.Text("input")));
        return rows;
    }

    [Theory]
    [MemberData(nameof(UrlCases))]
    public void A_url_is_parsed_as_the_standard_says(int index, string shown)
    {
        var item = UrlTestData.Urls[index];
        var input = item.Text("input")!;
        WebUrl? baseUrl = null;
        if (item.Text("base") is { } text)
            Assert.True(WebUrl.TryParse(text, out baseUrl), shown);

        var parsed = WebUrl.TryParse(input, baseUrl, out var url);

        if (UrlTestData.Changed.TryGetValue(input, out var changed))
        {
            Assert.Equal(changed.Href, url?.Href);
            return;
        }

        Assert.Equal(!item.TryGetProperty("failure", out _), parsed);
        if (!parsed)
            return;
        Assert.Equal(item.Text("href"), url!.Href);
        Assert.Equal(item.Text("protocol"), url.Scheme + ":");
        Assert.Equal(item.Text("username"), url.Username);
        Assert.Equal(item.Text("password"), url.Password);
        Assert.Equal(item.Text("hostname"), url.Host ?? "");
        Assert.Equal(item.Text("port"), url.Port?.ToString() ?? "");
        Assert.Equal(item.Text("pathname"), url.Path);
        Assert.Equal(item.Text("search"), string.IsNullOrEmpty(url.Query) ? "" : "?" + url.Query);
        Assert.Equal(item.Text("hash"), string.IsNullOrEmpty(url.Fragment) ? "" : "#" + url.Fragment);
        if (item.Text("origin") is { } origin)
            Assert.Equal(origin, url.Origin);
    }

    [Theory]
    [MemberData(nameof(DomainCases))]
    public void A_domain_is_brought_into_ascii_as_the_standard_says(int index, string shown)
    {
        var item = UrlTestData.Domains[index];
        var input = item.Text("input")!;
        var expected = UrlTestData.ChangedDomains.ContainsKey(input) ? input : item.Text("output");

        var parsed = WebUrl.TryParse($"https://{input}/x", out var url);

        Assert.True(parsed == expected is not null, shown);
        Assert.Equal(expected, url?.Host);
    }

    [Fact]
    public void Every_change_that_is_listed_is_of_a_case_that_is_there()
    {
        Assert.Equal(UrlTestData.Changed.Count, UrlTestData.Urls.Count(item => UrlTestData.Changed.ContainsKey(item.Text("input")!)));
        Assert.Equal(
            UrlTestData.ChangedDomains.Count,
            UrlTestData.Domains.Count(item => UrlTestData.ChangedDomains.ContainsKey(item.Text("input")!)));
    }
}
