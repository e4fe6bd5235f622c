using System.Net;
using System.Text;
using Groundwork.Testing;

namespace Groundwork.Links.Tests;

public sealed class RedirectTests : LinksTests
{
    [Theory]
    [InlineData(301, "public, max-age=3600")]
    [InlineData(302, "no-store")]
    [InlineData(307, "no-store")]
    [InlineData(308, "public, max-age=3600")]
    public async Task A_link_redirects_as_its_maker_said_and_only_permanent_ones_are_kept_by_browsers(int redirect, string cacheControl)
    {
        var code = await Links.CodeAsync(new { long_url = "https://example.org/a", redirect });

        using var response = await Links.FollowAsync(code);

        Assert.Equal(redirect, (int)response.StatusCode);
        Assert.Equal("https://example.org/a", response.Headers.Location!.OriginalString);
        Assert.Equal(cacheControl, string.Join(", ", response.Headers.GetValues("Cache-Control")));
        Assert.Equal(0, response.Content.Headers.ContentLength);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(308)]
    public async Task A_permanent_redirect_is_kept_until_theLinks_end_at_most(int redirect)
    {
        var code = await Links.CodeAsync(new { long_url = "https://example.org/", redirect, ttl = 4000 });
        Assert.Equal(TimeSpan.FromSeconds(3600), (await Links.FollowAsync(code)).Headers.CacheControl!.MaxAge);

        Links.Time.Advance(TimeSpan.FromSeconds(1000.5));
        Assert.Equal(TimeSpan.FromSeconds(2999), (await Links.FollowAsync(code)).Headers.CacheControl!.MaxAge);

        Links.Time.Advance(TimeSpan.FromSeconds(2999));
        Assert.Equal(TimeSpan.Zero, (await Links.FollowAsync(code)).Headers.CacheControl!.MaxAge);

        Links.Time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(HttpStatusCode.Gone, await Links.StatusAsync(code));
    }

    [Fact]
    public async Task Permanent_redirects_are_kept_as_long_as_the_operator_says()
    {
        await Links.RestartAsync(("Links:PermanentLife", "0s"));
        var code = await Links.CodeAsync(new { long_url = "https://example.org/", redirect = 301 });

        Assert.Equal(TimeSpan.Zero, (await Links.FollowAsync(code)).Headers.CacheControl!.MaxAge);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_answers_410_from_its_end_on_also_where_it_was_just_followed(bool followedBefore)
    {
        var code = await Links.CodeAsync(new { long_url = "https://example.org/", ttl = 10 });
        Links.Time.Advance(TimeSpan.FromSeconds(9.999));
        if (followedBefore)
            Assert.Equal(HttpStatusCode.Found, await Links.StatusAsync(code));

        Links.Time.Advance(TimeSpan.FromMilliseconds(1));

        using var response = await Links.FollowAsync(code);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Null(response.Headers.Location);
        await LinksClient.RefusedAsync(response, HttpStatusCode.Gone, "link-gone");
        Assert.Equal("expired", (await Links.LinkAsync(code)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_end_that_is_a_time_is_kept_to_the_millisecond()
    {
        var link = await Links.MakeAsync(new { long_url = "https://example.org/", expires_at = "2026-01-02T04:04:10.25+01:00" });

        Assert.Equal("2026-01-02T03:04:10.25Z", link.GetProperty("expires_at").GetString());
        Links.Time.Advance(TimeSpan.FromMilliseconds(5249));
        Assert.Equal(HttpStatusCode.Found, await Links.StatusAsync(LinksClient.CodeOf(link)));
        Links.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.Gone, await Links.StatusAsync(LinksClient.CodeOf(link)));
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
        var forwards = await Links.CodeAsync(new { long_url = longUrl, forward_query = true });
        var keeps = await Links.CodeAsync(new { long_url = longUrl });

        Assert.Equal(location, await Links.LocationAsync(forwards + query));
        Assert.Equal(longUrl, await Links.LocationAsync(keeps + query));
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
        var code = await Links.CodeAsync(new { long_url = "https://example.org/a", forward_query = true });

        var answer = await RawHttp.SendAsync(
            Links.EndPoint, Encoding.Latin1.GetBytes($"GET /{code}{query} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), hangsUp: false, Cancellation);

        Assert.Matches("^HTTP/1.1 (302|400) ", answer);
        Assert.DoesNotContain("\nSet-Cookie", answer, StringComparison.OrdinalIgnoreCase);
        Assert.True(Ascii.IsValid(answer));
    }

    [Fact]
    public async Task Codes_are_told_apart_by_case_and_by_nothing_else()
    {
        await Links.MakeAsync(new { long_url = "https://example.org/lower", custom_alias = "spring" });
        Assert.Equal(HttpStatusCode.NotFound, await Links.StatusAsync("SPRING"));

        await Links.MakeAsync(new { long_url = "https://example.org/upper", custom_alias = "SPRING" });

        Assert.Equal("https://example.org/lower", await Links.LocationAsync("spring"));
        Assert.Equal("https://example.org/upper", await Links.LocationAsync("SPRING"));
        Assert.Equal("https://example.org/lower", await Links.LocationAsync("spring/"));
        Assert.Equal("https://example.org/lower", await Links.LocationAsync("%73pring"));
        Assert.Equal(HttpStatusCode.NotFound, await Links.StatusAsync("spring/more"));
    }

    [Fact]
    public async Task A_code_that_was_asked_for_before_it_was_given_away_leads_there_at_once()
    {
        Assert.Equal(HttpStatusCode.NotFound, await Links.StatusAsync("soon"));
        await Links.MakeAsync(new { long_url = "https://example.org/soon", custom_alias = "soon" });
        Assert.Equal("https://example.org/soon", await Links.LocationAsync("soon"));
    }

    [Fact]
    public async Task An_alias_of_any_form_can_be_followed_seen_and_edited()
    {
        foreach (var alias in (string[])["abc", "a-b_c", "Sevench", "elevenchars", "ZZZZZZZZZZZ", new string('x', 64)])
        {
            var link = await Links.MakeAsync(new { long_url = $"https://example.org/{alias}", custom_alias = alias });
            Assert.Equal(alias, LinksClient.CodeOf(link));
            Assert.Equal($"https://example.org/{alias}", await Links.LocationAsync(alias));
            Assert.Equal(HttpStatusCode.OK, (await Links.GetAsync(alias)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await Links.EditAsync(alias, """{"title":"t"}""")).StatusCode);
            Assert.Equal(HttpStatusCode.NoContent, (await Links.DeleteAsync(alias)).StatusCode);
            await LinksClient.RefusedAsync(
                await Links.PostAsync(new { long_url = "https://example.org/", custom_alias = alias }), HttpStatusCode.Conflict, "alias-taken", "custom_alias");
        }
    }
}
