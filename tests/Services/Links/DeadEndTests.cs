using System.Net;

namespace Groundwork.Links.Tests;

/// <summary>What somebody gets who follows a link that leads nowhere.</summary>
public sealed class DeadEndTests : LinksTests
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

    [Theory]
    [InlineData(Browser, "text/html")]
    [InlineData("text/html", "text/html")]
    [InlineData("*/*", "application/problem+json")]
    [InlineData(null, "application/problem+json")]
    [InlineData("application/json", "application/problem+json")]
    [InlineData("application/json, text/html;q=0.5", "application/problem+json")]
    [InlineData("application/problem+json;q=0.1, text/html;q=0.5", "text/html")]
    [InlineData("no/such thing;;", "application/problem+json")]
    public async Task People_get_a_page_and_programs_a_problem(string? accept, string type)
    {
        var missing = await FollowAsync("0000000", accept);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal(type, missing.Content.Headers.ContentType!.MediaType);
        Assert.Contains("Accept", missing.Headers.Vary);

        var expired = await FollowAsync(await ExpiredAsync(), accept);
        Assert.Equal(HttpStatusCode.Gone, expired.StatusCode);
        Assert.Equal(type, expired.Content.Headers.ContentType!.MediaType);
        Assert.Contains(type == "text/html" ? "This link has expired" : "link-gone", await expired.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_says_why_a_link_leads_nowhere_any_more()
    {
        var blocked = await Links.CodeAsync(new { long_url = "https://later.example/" });
        var disabled = await Links.CodeAsync(new { long_url = "https://example.org/" });
        await Links.EditAsync(disabled, """{"disabled":true}""");
        var expired = await ExpiredAsync();
        var blocklist = Path.Combine(Links.Folder, "blocked.txt");
        await File.WriteAllTextAsync(blocklist, "later.example\n", Cancellation);
        await Links.RestartAsync(("Links:Blocklist", blocklist));

        foreach (var (code, title) in ((string, string)[])
            [(blocked, "This link is blocked"), (disabled, "This link is switched off"), (expired, "This link has expired")])
        {
            using var page = await FollowAsync(code, Browser);
            Assert.Equal(HttpStatusCode.Gone, page.StatusCode);
            Assert.Contains($"<h1>{title}</h1>", await page.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_page_says_nothing_that_the_address_brought_with_it()
    {
        var response = await FollowAsync("%3Cscript%3Ealert(1)%3C%2Fscript%3E", Browser);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.DoesNotContain("alert(1)", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    private async Task<string> ExpiredAsync()
    {
        var code = await Links.CodeAsync(new { long_url = "https://example.org/", ttl = 1 });
        Links.Time.Advance(TimeSpan.FromSeconds(2));
        return code;
    }

    private Task<HttpResponseMessage> FollowAsync(string code, string? accept) =>
        accept is null ? Links.FollowAsync(code) : Links.FollowAsync(code, ("Accept", accept));
}
