using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Groundwork.Console.Tests.Links;

/// <summary>Others who use the links while somebody looks at the console: makers by the API, and followers with browsers of their own.</summary>
internal sealed class LinksVisitor(Uri root) : IDisposable
{
    public const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    public const string Phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";

    public const string Crawler = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

    private readonly HttpClient _http = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = root };

    public static string[] Tags(params string[] tags) => tags;

    public async Task<string> MakeAsync(object link)
    {
        using var answer = await _http.PostAsJsonAsync("v1/urls", link);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!["code"]!.ToString();
    }

    public async Task ChangeAsync(string code, object patch)
    {
        using var answer = await _http.PatchAsJsonAsync($"v1/urls/{code}", patch);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    public async Task<JsonNode> SeeAsync(string path) => (await _http.GetFromJsonAsync<JsonNode>(path))!;

    public async Task<HttpStatusCode> FollowAsync(string code, string agent = Firefox, string? from = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, code);
        request.Headers.TryAddWithoutValidation("user-agent", agent);
        request.Headers.TryAddWithoutValidation("accept-language", "de-DE,de;q=0.9");
        if (from is not null)
            request.Headers.TryAddWithoutValidation("referer", from);
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>Waits until so many were counted.</summary>
    public async Task CountedAsync(string code, int clicks, int bots, int heads)
    {
        JsonNode total;
        do
            total = (await SeeAsync($"v1/urls/{code}/stats"))["total"]!;
        while (Count("clicks") < clicks || Count("bots") < bots || Count("heads") < heads);

        long Count(string what) => total[what]!.GetValue<long>();
    }

    public void Dispose() => _http.Dispose();
}
