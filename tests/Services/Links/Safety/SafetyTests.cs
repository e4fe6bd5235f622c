using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Groundwork.Platform.Http;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Groundwork.Testing;
using Groundwork.Testing.Instances;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Links.Tests.Safety;

/// <summary>Where no link may lead: back to this server, and to hosts that the operator has blocked.</summary>
public sealed class SafetyTests : IDisposable
{
    private static readonly Setting BaseUrl = new LinksModule().Settings.Single(s => s.Name == "Links:BaseUrl");
    private static readonly Setting BlocklistFile = new LinksModule().Settings.Single(s => s.Name == "Links:Blocklist");

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_link_leads_back_to_this_server()
    {
        await using var running = await StartAsync((BaseUrl, "https://go.example.org/"), (HttpOptions.AllowedHosts, "links.example.org,*.short.example"));
        var port = running.Client.BaseAddress!.Port;

        string[] own =
        [
            "https://go.example.org/abc", "https://GO.example.org./", $"http://127.0.0.1:{port}/abc", $"http://localhost:{port}/", $"http://127.1:{port}/",
            $"http://[::1]:{port}/", $"http://any.localhost:{port}/", "https://links.example.org/x", "http://a.short.example/",
        ];
        foreach (var longUrl in own)
        {
            var response = await PostAsync(running, longUrl);
            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{longUrl} was taken");
            Assert.Contains("this server itself", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        string[] others = ["http://go.example.org:8081/", "http://localhost:1/", "http://127.0.0.1:1/", "https://example.org/", "https://short.example/"];
        foreach (var longUrl in others)
            Assert.Equal(HttpStatusCode.Created, (await PostAsync(running, longUrl)).StatusCode);
    }

    [Fact]
    public async Task A_blocked_host_is_refused_and_links_that_lead_there_answer_410_once_the_file_has_changed()
    {
        var file = _folder["blocked.txt"];
        await File.WriteAllTextAsync(file, "evil.example\n", Cancellation);
        await using var running = await StartAsync((BlocklistFile, file));
        var blocklist = running.Instance.Services.GetRequiredService<Blocklist>();

        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(running, "https://www.evil.example/")).StatusCode);
        var code = await CodeOfAsync(await PostAsync(running, "https://later.example/"));
        Assert.Equal(HttpStatusCode.Found, await FollowAsync(running, code));

        await ReplaceAsync(file, "evil.example\nlater.example\n", blocklist);
        Assert.Equal(2, blocklist.Hosts.Count);
        Assert.Equal(HttpStatusCode.Gone, await FollowAsync(running, code));
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(running, "https://later.example/2")).StatusCode);

        await ReplaceAsync(file, "<what is this>", blocklist);
        Assert.NotNull(blocklist.Problem);
        Assert.Equal(HttpStatusCode.Gone, await FollowAsync(running, code)); // the list before stays in force
        Assert.Equal(HealthState.Degraded, (await HealthAsync(running)).State);

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
        Assert.Equal(HttpStatusCode.Found, await FollowAsync(running, code));
    }

    [Fact]
    public async Task A_blocklist_that_is_not_there_stops_the_start()
    {
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => StartAsync((BlocklistFile, _folder["none.txt"])));
        Assert.Contains("it is not there", refused.Message, StringComparison.Ordinal);
    }

    private static async Task ReplaceAsync(string file, string text, Blocklist blocklist)
    {
        await File.WriteAllTextAsync(file, text, Cancellation);
        await blocklist.LookAsync(Cancellation);
    }

    private Task<RunningInstance> StartAsync(params (Setting Setting, string Text)[] settings) =>
        RunningInstance.StartAsync(_folder["data"], _time, [new LinksModule()], settings);

    private static ValueTask<ModuleHealth> HealthAsync(RunningInstance running) =>
        running.Instance.Modules.Single(m => m.Name == "Links").CheckHealthAsync(Cancellation);

    private static Task<HttpResponseMessage> PostAsync(RunningInstance running, string longUrl) =>
        running.Client.PostAsJsonAsync(new Uri("/v1/urls", UriKind.Relative), new { long_url = longUrl }, Cancellation);

    private static async Task<HttpStatusCode> FollowAsync(RunningInstance running, string code) =>
        (await running.Client.GetAsync(new Uri(code, UriKind.Relative), Cancellation)).StatusCode;

    private static async Task<string> CodeOfAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("code").GetString()!;
}
