using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Groundwork.Console.Tests.Broker;

/// <summary>Who writes to the broker and reads from it, beside those who look: by its HTTP API.</summary>
internal sealed class BrokerVisitor(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address };

    public void Dispose() => _http.Dispose();

    /// <summary>Topics with records of every look, and groups that have read some of them.</summary>
    public async Task FillAsync()
    {
        await MakeAsync("orders", 4);
        await MakeAsync("empty", 1);
        await MakeAsync("a-topic-with-a-name-that-is-longer-than-any-name-of-a-topic-should-be.and-still-is-one", 2);
        for (var i = 0; i < 60; i++)
            await AppendAsync("orders", $$"""{"order":{{i}},"lines":[{"item":"apple","count":{{i % 7}}}]}""", key: $"customer-{i % 9}");
        await SendAsync(HttpMethod.Post, "v1/topics/orders/records", new JsonObject
        {
            ["partition"] = 0,
            ["records"] = new JsonArray(
                new JsonObject { ["key_base64"] = "/wBB", ["value_base64"] = "AAECA/8=", ["headers"] = new JsonArray(new JsonObject { ["name"] = "trace", ["value"] = "4bf92f3577b34da6" }, new JsonObject { ["name"] = "raw", ["value_base64"] = "/w==" }) },
                new JsonObject { ["key"] = "gone" },
                new JsonObject { ["value"] = new string('x', 30_000) },
                new JsonObject { ["value"] = "<strong>not bold</strong>\nsecond line" }),
        });
        await ResetAsync("billing", "orders", "earliest");
        await ResetAsync("team a/reports <b>", "orders", "latest");
    }

    public Task MakeAsync(string topic, int partitions) => SendAsync(HttpMethod.Post, "v1/topics", new JsonObject { ["name"] = topic, ["partitions"] = partitions });

    public Task AppendAsync(string topic, string value, string? key = null, int? partition = null, int times = 1) =>
        SendAsync(HttpMethod.Post, $"v1/topics/{topic}/records", new JsonObject
        {
            ["partition"] = partition,
            ["records"] = new JsonArray([.. Enumerable.Range(0, times).Select(_ => new JsonObject { ["key"] = key, ["value"] = value })]),
        });

    public Task ResetAsync(string group, string topic, string to) =>
        SendAsync(HttpMethod.Post, $"v1/groups/{Uri.EscapeDataString(group)}:reset", new JsonObject { ["topic"] = topic, ["to"] = to });

    public async Task<JsonNode> ReadAsync(string path) => (await _http.GetFromJsonAsync<JsonNode>(new Uri(path, UriKind.Relative)))!;

    private async Task SendAsync(HttpMethod method, string path, JsonObject body)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = JsonContent.Create(body) };
        using var answer = await _http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
