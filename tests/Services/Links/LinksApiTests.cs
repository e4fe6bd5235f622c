using System.Net;
using System.Text.Json;

namespace Groundwork.Links.Tests;

public sealed class LinksApiTests : LinksTests
{
    [Fact]
    public async Task A_new_link_is_shown_in_full_and_redirects()
    {
        var response = await PostAsync("https://example.org/a?b=c#d");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var link = await LinksClient.ReadAsync(response);
        var code = link.GetProperty("code").GetString()!;
        Assert.Equal(7, code.Length);
        Assert.Equal($"/v1/urls/{code}", response.Headers.Location!.OriginalString);
        Assert.Equal("https://example.org/a?b=c#d", link.GetProperty("long_url").GetString());
        Assert.Equal(new Uri(Links.Http.BaseAddress!, code).ToString(), link.GetProperty("short_url").GetString());
        Assert.Equal("2026-01-02T03:04:05Z", link.GetProperty("created_at").GetString());

        var redirect = await Links.FollowAsync(code);
        Assert.Equal(HttpStatusCode.Found, redirect.StatusCode);
        Assert.Equal("https://example.org/a?b=c#d", redirect.Headers.Location!.OriginalString);
        Assert.True(redirect.Headers.CacheControl!.NoStore);

        var again = await Links.LinkAsync(code);
        Assert.Equal(link.GetRawText(), again.GetRawText());
    }

    [Fact]
    public async Task Links_outlive_the_instance_and_codes_are_not_handed_out_again()
    {
        var before = new HashSet<string>();
        for (var i = 0; i < 20; i++)
            before.Add(await CodeAsync($"https://example.org/{i}"));
        Assert.Equal(20, before.Count);

        await Links.RestartAsync();

        foreach (var code in before)
            Assert.Equal(HttpStatusCode.Found, await Links.StatusAsync(code));
        for (var i = 0; i < 20; i++)
            Assert.DoesNotContain(await CodeAsync($"https://example.org/{i}"), before);
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
        Assert.Equal("https://example.org/once", await Links.LocationAsync(code));
    }

    [Fact]
    public async Task A_link_has_a_tag_that_spares_reading_it_again()
    {
        var created = await PostAsync("https://example.org/tagged");
        using var request = new HttpRequestMessage(HttpMethod.Get, created.Headers.Location);
        request.Headers.IfNoneMatch.Add(created.Headers.ETag!);

        Assert.Equal(HttpStatusCode.NotModified, (await Links.Http.SendAsync(request, Cancellation)).StatusCode);
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
        var problem = await LinksClient.ReadAsync(response);
        Assert.Equal("/docs/problems/invalid-request", problem.GetProperty("type").GetString());
        Assert.Contains("long_url", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_longest_address_is_followed()
    {
        const string Start = "https://example.org/";
        var longest = Start + new string('a', LongUrl.MaxLength - Start.Length);

        var code = await CodeAsync(longest);

        Assert.Equal(longest, await Links.LocationAsync(code));
    }

    [Theory]
    [InlineData("https://example.org/ü/ö?q=ß", "https://example.org/%C3%BC/%C3%B6?q=%C3%9F")]
    [InlineData("https://bücher.example/a", "https://xn--bcher-kva.example/a")]
    [InlineData("HTTPS://Example.org/%7Euser", "HTTPS://Example.org/%7Euser")]
    public async Task An_address_is_brought_into_the_form_that_a_header_carries(string longUrl, string location)
    {
        var code = await CodeAsync(longUrl);

        Assert.Equal(location, await Links.LocationAsync(code));
    }

    [Theory]
    [InlineData("0000000")]
    [InlineData("ZZZZZZZ")]
    [InlineData("short")]
    [InlineData("longer-than-any-code")]
    [InlineData("%F0%9F%A6%8A")]
    public async Task A_code_that_leads_nowhere_is_not_found(string code)
    {
        var response = await Links.FollowAsync(code);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    private Task<HttpResponseMessage> PostAsync(string longUrl, string? key = null) => Links.PostAsync(new { long_url = longUrl }, key);

    private Task<string> CodeAsync(string longUrl) => Links.CodeAsync(new { long_url = longUrl });
}
