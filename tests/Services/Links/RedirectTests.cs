using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Groundwork.Links.Tests;

public sealed class RedirectTests : IAsyncLifetime
{
    private LinksClient _links = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _links = await LinksClient.StartAsync();

    public ValueTask DisposeAsync() => _links.DisposeAsync();

    [Theory]
    [InlineData(301, "public, max-age=3600")]
    [InlineData(302, "no-store")]
    [InlineData(307, "no-store")]
    [InlineData(308, "public, max-age=3600")]
    public async Task A_link_redirects_as_its_maker_said_and_only_permanent_ones_are_kept_by_browsers(int redirect, string cacheControl)
    {
        var code = await _links.CodeAsync(new { long_url = "https://example.org/a", redirect });

        using var response = await _links.FollowAsync(code);

        Assert.Equal(redirect, (int)response.StatusCode);
        Assert.Equal("https://example.org/a", response.Headers.Location!.OriginalString);
        Assert.Equal(cacheControl, string.Join(", ", response.Headers.GetValues("Cache-Control")));
        Assert.Equal(0, response.Content.Headers.ContentLength);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(308)]
    public async Task A_permanent_redirect_is_kept_until_the_links_end_at_most(int redirect)
    {
        var code = await _links.CodeAsync(new { long_url = "https://example.org/", redirect, ttl = 4000 });
        Assert.Equal(TimeSpan.FromSeconds(3600), (await _links.FollowAsync(code)).Headers.CacheControl!.MaxAge);

        _links.Time.Advance(TimeSpan.FromSeconds(1000.5));
        Assert.Equal(TimeSpan.FromSeconds(2999), (await _links.FollowAsync(code)).Headers.CacheControl!.MaxAge);

        _links.Time.Advance(TimeSpan.FromSeconds(2999));
        Assert.Equal(TimeSpan.Zero, (await _links.FollowAsync(code)).Headers.CacheControl!.MaxAge);

        _links.Time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(HttpStatusCode.Gone, await _links.StatusAsync(code));
    }

    [Fact]
    public async Task Permanent_redirects_are_kept_as_long_as_the_operator_says()
    {
        await _links.RestartAsync(("Links:PermanentLife", "0s"));
        var code = await _links.CodeAsync(new { long_url = "https://example.org/", redirect = 301 });

        Assert.Equal(TimeSpan.Zero, (await _links.FollowAsync(code)).Headers.CacheControl!.MaxAge);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_answers_410_from_its_end_on_also_where_it_was_just_followed(bool followedBefore)
    {
        var code = await _links.CodeAsync(new { long_url = "https://example.org/", ttl = 10 });
        _links.Time.Advance(TimeSpan.FromSeconds(9.999));
        if (followedBefore)
            Assert.Equal(HttpStatusCode.Found, await _links.StatusAsync(code));

        _links.Time.Advance(TimeSpan.FromMilliseconds(1));

        using var response = await _links.FollowAsync(code);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Null(response.Headers.Location);
        await LinksClient.RefusedAsync(response, HttpStatusCode.Gone, "link-gone");
        Assert.Equal("expired", (await LinksClient.ReadAsync(await _links.GetAsync(code))).GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_end_that_is_a_time_is_kept_to_the_millisecond()
    {
        var link = await _links.MakeAsync(new { long_url = "https://example.org/", expires_at = "2026-01-02T04:04:10.25+01:00" });

        Assert.Equal("2026-01-02T03:04:10.25Z", link.GetProperty("expires_at").GetString());
        _links.Time.Advance(TimeSpan.FromMilliseconds(5249));
        Assert.Equal(HttpStatusCode.Found, await _links.StatusAsync(LinksClient.CodeOf(link)));
        _links.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.Gone, await _links.StatusAsync(LinksClient.CodeOf(link)));
    }

    [Theory]
    [InlineData("https://example.org/a", "?x=1&y=%20", "https://example.org/a?x=1&y=%20")]
    [InlineData("https://example.org/a#part", "?x=1", "https://example.org/a?x=1#part")]
    [InlineData("https://example.org/a?b=2", "?x=1", "https://example.org/a?b=2&x=1")]
    [InlineData("https://example.org/a?b=2#part", "?x=1", "https://example.org/a?b=2&x=1#part")]
    [InlineData("https://example.org/a?", "?x=1", "https://example.org/a?x=1")]
    [InlineData("https://example.org/a#what?", "?x=1", "https://example.org/a?x=1#what?")]
    [InlineData("https://example.org/a", "?", "https://example.org/a")]
    [InlineData("https://example.org/a", "", "https://example.org/a")]
    [InlineData("https://example.org/a", "?x=https://other.example/?y=1", "https://example.org/a?x=https://other.example/?y=1")]
    public async Task A_followers_query_is_added_where_the_link_says_so(string longUrl, string query, string location)
    {
        var forwards = await _links.CodeAsync(new { long_url = longUrl, forward_query = true });
        var keeps = await _links.CodeAsync(new { long_url = longUrl });

        Assert.Equal(location, await _links.LocationAsync(forwards + query));
        Assert.Equal(longUrl, await _links.LocationAsync(keeps + query));
    }

    [Theory]
    [InlineData("?x=\u00e9")]
    [InlineData("?x=\u00ff\u00fe")]
    [InlineData("?x=a\tb")]
    [InlineData("?x=a\u0001b")]
    [InlineData("?x=a%0d%0aSet-Cookie:%20x=y")]
    [InlineData("?x=\"<>\\^`{|}")]
    public async Task No_query_however_odd_breaks_a_redirect_or_adds_a_header(string query)
    {
        var code = await _links.CodeAsync(new { long_url = "https://example.org/a", forward_query = true });

        // Byte by byte, past what a client would make of it.
        using var socket = new TcpClient();
        await socket.ConnectAsync(_links.Http.BaseAddress!.Host, _links.Http.BaseAddress.Port, Cancellation);
        await socket.GetStream().WriteAsync(
            Encoding.Latin1.GetBytes($"GET /{code}{query} HTTP/1.1\r\nHost: {_links.Http.BaseAddress.Authority}\r\nConnection: close\r\n\r\n"), Cancellation);
        using var reader = new StreamReader(socket.GetStream(), Encoding.Latin1);
        var answer = await reader.ReadToEndAsync(Cancellation);

        Assert.Matches("^HTTP/1.1 (302|400) ", answer);
        Assert.DoesNotContain("\nSet-Cookie", answer, StringComparison.OrdinalIgnoreCase);
        Assert.True(Ascii.IsValid(answer));
    }

    [Fact]
    public async Task Codes_are_told_apart_by_case_and_by_nothing_else()
    {
        await _links.MakeAsync(new { long_url = "https://example.org/lower", custom_alias = "spring" });
        Assert.Equal(HttpStatusCode.NotFound, await _links.StatusAsync("SPRING"));

        await _links.MakeAsync(new { long_url = "https://example.org/upper", custom_alias = "SPRING" });

        Assert.Equal("https://example.org/lower", await _links.LocationAsync("spring"));
        Assert.Equal("https://example.org/upper", await _links.LocationAsync("SPRING"));
        Assert.Equal("https://example.org/lower", await _links.LocationAsync("spring/"));
        Assert.Equal("https://example.org/lower", await _links.LocationAsync("%73pring"));
        Assert.Equal(HttpStatusCode.NotFound, await _links.StatusAsync("spring/more"));
    }

    [Fact]
    public async Task A_code_that_was_asked_for_before_it_was_given_away_leads_there_at_once()
    {
        Assert.Equal(HttpStatusCode.NotFound, await _links.StatusAsync("soon"));
        await _links.MakeAsync(new { long_url = "https://example.org/soon", custom_alias = "soon" });
        Assert.Equal("https://example.org/soon", await _links.LocationAsync("soon"));
    }

    [Fact]
    public async Task An_alias_of_any_form_can_be_followed_seen_and_edited()
    {
        foreach (var alias in (string[])["abc", "a-b_c", "Sevench", "elevenchars", "ZZZZZZZZZZZ", new string('x', 64)])
        {
            var link = await _links.MakeAsync(new { long_url = $"https://example.org/{alias}", custom_alias = alias });
            Assert.Equal(alias, LinksClient.CodeOf(link));
            Assert.Equal($"https://example.org/{alias}", await _links.LocationAsync(alias));
            Assert.Equal(HttpStatusCode.OK, (await _links.GetAsync(alias)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await _links.EditAsync(alias, """{"title":"t"}""")).StatusCode);
            Assert.Equal(HttpStatusCode.NoContent, (await _links.DeleteAsync(alias)).StatusCode);
            await LinksClient.RefusedAsync(
                await _links.PostAsync(new { long_url = "https://example.org/", custom_alias = alias }), HttpStatusCode.Conflict, "alias-taken", "custom_alias");
        }
    }
}
