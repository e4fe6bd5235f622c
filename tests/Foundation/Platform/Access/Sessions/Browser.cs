using Groundwork.Platform.Access;
using Groundwork.Platform.Access.Sessions;
using Groundwork.Platform.Http;
using Groundwork.Ports.Modules;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Platform.Tests.Access.Sessions;

/// <summary>Somebody with a browser: keeps cookies, asks for pages, follows nothing by itself.</summary>
internal sealed class Browser(AccessInstance access) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = access.Client.BaseAddress };

    public Dictionary<string, string> Cookies { get; } = new(StringComparer.Ordinal);

    /// <summary>What the last answer set, with all flags.</summary>
    public IReadOnlyList<string> Set { get; private set; } = [];

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Where a page leads; fails where it doesn't.</summary>
    public async Task<string> LedByAsync(string path)
    {
        using var response = await GetAsync(path);
        return response.Headers.Location!.OriginalString;
    }

    /// <summary>The page's text, or its status.</summary>
    public async Task<string> SeesAsync(string path)
    {
        using var response = await GetAsync(path);
        return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken) : $"{(int)response.StatusCode}";
    }

    /// <summary>Posts a form that was got from here, with its anti-forgery token, and says where that leads.</summary>
    public async Task<string> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        var token = await SeesAsync("/_/form");
        return await PostRawAsync(path, [("__RequestVerificationToken", token), .. fields]);
    }

    public async Task<string> PostRawAsync(string path, (string Name, string Value)[] fields, string? origin = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value))),
        };
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        using var response = await SendAsync(request);
        return response.Headers.Location?.OriginalString ?? $"{(int)response.StatusCode}";
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");
        if (Cookies.Count > 0)
            request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", Cookies.Select(c => $"{c.Key}={c.Value}")));
        var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Set = response.Headers.TryGetValues("Set-Cookie", out var set) ? [.. set] : [];
        foreach (var cookie in Set)
        {
            var pair = cookie.Split(';')[0].Split('=', 2);
            if (cookie.Contains("max-age=0", StringComparison.OrdinalIgnoreCase))
                Cookies.Remove(pair[0]);
            else
                Cookies[pair[0]] = pair[1];
        }

        return response;
    }
}

/// <summary>A console of two pages: a form that anyone may see, and a page for whoever may see toys.</summary>
internal sealed class PagesModule : Module, IRoutedModule
{
    public override string Name => "Pages";

    public override string Summary => "For tests.";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/_/form", (HttpContext http, IAntiforgery forms) => Results.Text(forms.GetAndStoreTokens(http).RequestToken!)).Public("A test reads it.");
        routes.MapGet("/_/page", (HttpContext http) => Results.Text($"{http.GetPrincipal()!.Id} {http.GetConsoleSession() is not null}")).RequireScope(ToyModule.Read);
        routes.MapPost("/_/page", () => Results.Text("done")).RequireScope(ToyModule.Write);
    }
}
