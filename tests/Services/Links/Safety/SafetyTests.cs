using System.Net;
using Groundwork.Ports.Modules;
using Groundwork.Testing;

namespace Groundwork.Links.Tests.Safety;

/// <summary>Where no link may lead: back to this server, and to hosts that the operator has blocked.</summary>
public sealed class SafetyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_link_leads_back_to_this_server()
    {
        await using var links = await LinksClient.StartAsync(
            settings: [("Links:BaseUrl", "https://go.example.org/"), ("Http:AllowedHosts", "links.example.org,*.short.example")]);
        var port = links.Http.BaseAddress!.Port;

        string[] own =
        [
            "https://go.example.org/abc", "https://GO.example.org./", $"http://127.0.0.1:{port}/abc", $"http://localhost:{port}/", $"http://127.1:{port}/",
            $"http://[::1]:{port}/", $"http://any.localhost:{port}/", "https://links.example.org/x", "http://a.short.example/",
        ];
        foreach (var longUrl in own)
        {
            var response = await PostAsync(links, longUrl);
            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{longUrl} was taken");
            Assert.Contains("this server itself", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        string[] others = ["http://go.example.org:8081/", "http://localhost:1/", "http://127.0.0.1:1/", "https://example.org/", "https://short.example/"];
        foreach (var longUrl in others)
            Assert.Equal(HttpStatusCode.Created, (await PostAsync(links, longUrl)).StatusCode);
    }

    [Fact]
    public async Task A_blocked_host_is_refused_and_links_that_lead_there_answer_410_once_the_file_has_changed()
    {
        var file = _folder["blocked.txt"];
        await File.WriteAllTextAsync(file, "evil.example\n", Cancellation);
        await using var links = await LinksClient.StartAsync(settings: ("Links:Blocklist", file));
        var blocklist = links.Service<Blocklist>();

        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(links, "https://www.evil.example/")).StatusCode);
        var code = await links.CodeAsync(new { long_url = "https://later.example/" });
        Assert.Equal(HttpStatusCode.Found, await links.StatusAsync(code));

        await ReplaceAsync(file, "evil.example\nlater.example\n", blocklist);
        Assert.Equal(2, blocklist.Hosts.Count);
        Assert.Equal(HttpStatusCode.Gone, await links.StatusAsync(code));
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(links, "https://later.example/2")).StatusCode);

        await ReplaceAsync(file, "<what is this>", blocklist);
        Assert.NotNull(blocklist.Problem);
        Assert.Equal(HttpStatusCode.Gone, await links.StatusAsync(code)); // the list before stays in force
        Assert.Equal(HealthState.Degraded, (await links.HealthAsync()).State);

        await ReplaceAsync(file, "evil.example\nlater.example\n", blocklist);
        Assert.Null(blocklist.Problem);
        await using (var large = File.OpenWrite(file))
            large.SetLength(200 << 20);
        await blocklist.LookAsync(Cancellation);
        Assert.Contains("are allowed", blocklist.Problem, StringComparison.Ordinal);
        await ReplaceAsync(file, "evil.example\nlater.example\n", blocklist);
        Assert.Null(blocklist.Problem); // what it was before is no problem, though it was seen before

        await ReplaceAsync(file, "", blocklist);
        Assert.Null(blocklist.Problem);
        Assert.Equal(HttpStatusCode.Found, await links.StatusAsync(code));
    }

    [Fact]
    public async Task A_blocklist_that_is_not_there_stops_the_start()
    {
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => LinksClient.StartAsync(settings: ("Links:Blocklist", _folder["none.txt"])));
        Assert.Contains("it is not there", refused.Message, StringComparison.Ordinal);
    }

    private static async Task ReplaceAsync(string file, string text, Blocklist blocklist)
    {
        await File.WriteAllTextAsync(file, text, Cancellation);
        await blocklist.LookAsync(Cancellation);
    }

    private static Task<HttpResponseMessage> PostAsync(LinksClient links, string longUrl) => links.PostAsync(new { long_url = longUrl });
}
