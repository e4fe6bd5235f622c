using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Groundwork.Testing;
using Groundwork.Testing.Instances;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Links.Tests;

public sealed class LinksApiTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private RunningInstance _running = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _running = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _running.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_new_link_is_shown_in_full_and_redirects()
    {
        var response = await PostAsync("https://example.org/a?b=c#d");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var link = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        var code = link.GetProperty("code").GetString()!;
        Assert.Equal(7, code.Length);
        Assert.Equal($"/v1/urls/{code}", response.Headers.Location!.OriginalString);
        Assert.Equal("https://example.org/a?b=c#d", link.GetProperty("long_url").GetString());
        Assert.Equal(new Uri(_running.Client.BaseAddress!, code).ToString(), link.GetProperty("short_url").GetString());
        Assert.Equal("2026-01-02T03:04:05Z", link.GetProperty("created_at").GetString());

        var redirect = await _running.Client.GetAsync(new Uri(code, UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.Found, redirect.StatusCode);
        Assert.Equal("https://example.org/a?b=c#d", redirect.Headers.Location!.OriginalString);
        Assert.True(redirect.Headers.CacheControl!.NoStore);

        var again = await _running.Client.GetFromJsonAsync<JsonElement>(new Uri($"/v1/urls/{code}", UriKind.Relative), Cancellation);
        Assert.Equal(link.GetRawText(), again.GetRawText());
    }

    [Fact]
    public async Task Links_outlive_the_instance_and_codes_are_not_handed_out_again()
    {
        var before = new HashSet<string>();
        for (var i = 0; i < 20; i++)
            before.Add(await CodeOfAsync(await PostAsync($"https://example.org/{i}")));
        Assert.Equal(20, before.Count);

        await _running.DisposeAsync();
        _running = await StartAsync();

        foreach (var code in before)
            Assert.Equal(HttpStatusCode.Found, (await _running.Client.GetAsync(new Uri(code, UriKind.Relative), Cancellation)).StatusCode);
        for (var i = 0; i < 20; i++)
            Assert.DoesNotContain(await CodeOfAsync(await PostAsync($"https://example.org/{i}")), before);
    }

    [Fact]
    public async Task A_create_that_is_sent_again_with_its_key_makes_no_second_link()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => PostAsync("https://example.org/once", "key-1")));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Created, a.StatusCode));
        var bodies = await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync(Cancellation)));
        Assert.Single(bodies.Distinct());
        Assert.Equal(15, answers.Count(a => a.Headers.Contains("Idempotency-Replayed")));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync("https://example.org/other", "key-1")).StatusCode);

        var code = JsonDocument.Parse(bodies[0]).RootElement.GetProperty("code").GetString()!;
        var redirect = await _running.Client.GetAsync(new Uri(code, UriKind.Relative), Cancellation);
        Assert.Equal("https://example.org/once", redirect.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_link_has_a_tag_that_spares_reading_it_again()
    {
        var created = await PostAsync("https://example.org/tagged");
        using var request = new HttpRequestMessage(HttpMethod.Get, created.Headers.Location);
        request.Headers.IfNoneMatch.Add(created.Headers.ETag!);

        Assert.Equal(HttpStatusCode.NotModified, (await _running.Client.SendAsync(request, Cancellation)).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a url")]
    [InlineData("/relative")]
    [InlineData("javascript:alert(1)")]
    [InlineData("ftp://example.org/")]
    [InlineData("https://")]
    [InlineData("https:\\\\example.org\\a")]
    [InlineData("https://a\u200Db.example/")]
    [InlineData("https://user:secret@example.org/")]
    [InlineData("https://example.org/a\r\nSet-Cookie: x=y")]
    public async Task An_address_that_no_link_may_lead_to_is_refused_with_a_problem(string longUrl)
    {
        var response = await PostAsync(longUrl);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal("/docs/problems/invalid-request", problem.GetProperty("type").GetString());
        Assert.Contains("long_url", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_longest_address_is_followed()
    {
        const string Start = "https://example.org/";
        var longest = Start + new string('a', LongUrl.MaxLength - Start.Length);

        var code = await CodeOfAsync(await PostAsync(longest));

        var redirect = await _running.Client.GetAsync(new Uri(code, UriKind.Relative), Cancellation);
        Assert.Equal(longest, redirect.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("https://example.org/ü/ö?q=ß", "https://example.org/%C3%BC/%C3%B6?q=%C3%9F")]
    [InlineData("https://bücher.example/a", "https://xn--bcher-kva.example/a")]
    [InlineData("HTTPS://Example.org/%7Euser", "HTTPS://Example.org/%7Euser")]
    public async Task An_address_is_brought_into_the_form_that_a_header_carries(string longUrl, string location)
    {
        var code = await CodeOfAsync(await PostAsync(longUrl));

        var redirect = await _running.Client.GetAsync(new Uri(code, UriKind.Relative), Cancellation);
        Assert.Equal(location, redirect.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("0000000")]
    [InlineData("ZZZZZZZ")]
    [InlineData("short")]
    [InlineData("longer-than-any-code")]
    [InlineData("%F0%9F%A6%8A")]
    public async Task A_code_that_leads_nowhere_is_not_found(string code)
    {
        var response = await _running.Client.GetAsync(new Uri(code, UriKind.Relative), Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    private Task<RunningInstance> StartAsync() => RunningInstance.StartAsync(_folder.Path, _time, [new LinksModule()]);

    private async Task<HttpResponseMessage> PostAsync(string longUrl, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/urls", UriKind.Relative));
        request.Content = JsonContent.Create(new { long_url = longUrl });
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await _running.Client.SendAsync(request, Cancellation);
    }

    private static async Task<string> CodeOfAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("code").GetString()!;
    }
}
