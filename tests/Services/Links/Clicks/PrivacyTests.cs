using System.Net;
using System.Text;
using Groundwork.Links.Clicks;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Links.Tests.Clicks;

public sealed class PrivacyTests
{
    [Fact]
    public async Task Nothing_that_is_stored_holds_a_visitors_address_or_browser_or_the_page_they_came_from()
    {
        await using var links = await LinksClient.StartAsync();
        var code = await links.CodeAsync(new { long_url = "https://example.org/" });
        var http = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse("203.0.113.77") } };
        http.Request.Method = "GET";
        http.Request.Headers.UserAgent = "Unmistakable/7.3 Firefox/9";
        http.Request.Headers.Referer = "https://pages.example/private-page?token=private";
        links.Service<ClickRecorder>().Record(http, links.NumberOf(code), links.Time.GetUtcNow());
        Assert.Equal(1, (await links.StatsAsync(code)).GetProperty("total").GetProperty("clicks").GetInt64());
        await links.StopAsync();

        byte[][] secrets = ["203.0.113.77"u8.ToArray(), [203, 0, 113, 77], [77, 113, 0, 203], "Unmistakable"u8.ToArray(), "private"u8.ToArray()];
        var files = Directory.EnumerateFiles(links.Folder, "*", SearchOption.AllDirectories).Select(File.ReadAllBytes).ToList();

        // It would be found, if it were there: the host is.
        Assert.Contains(files, f => f.AsSpan().IndexOf("pages.example"u8) >= 0);
        Assert.All(secrets, s => Assert.All(files, f => Assert.True(f.AsSpan().IndexOf(s) < 0, Encoding.Latin1.GetString(s))));
    }
}
