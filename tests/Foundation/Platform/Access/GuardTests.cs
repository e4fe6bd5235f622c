using System.Net;
using Groundwork.Platform.Http;
using Groundwork.Platform.Serving;
using Groundwork.Ports.Settings;

namespace Groundwork.Platform.Tests.Access;

public sealed class GuardTests
{
    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:1234", true)]
    [InlineData("app.localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("go.example.org", true)]
    [InlineData("a.b.example.net:443", true)]
    [InlineData("evil.example", false)]
    [InlineData("example.net", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("evillocalhost", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("192.168.1.7", false)]
    public async Task On_loopback_only_its_own_names_and_the_allowed_hosts_are_answered(string host, bool isAnswered)
    {
        await using var access = await AccessInstance.StartedAsync((HttpOptions.AllowedHosts, "go.example.org, *.example.net"));

        foreach (var path in new[] { "v1/toys", "open", "health/ready" })
        {
            using var response = await access.SendAsync(HttpMethod.Get, path, ("Host", host));
            Assert.Equal(isAnswered, response.StatusCode != HttpStatusCode.MisdirectedRequest);
        }
    }

    [Fact]
    public async Task Once_other_machines_are_served_any_host_is_answered_unless_hosts_are_listed()
    {
        await using var access = await AccessInstance.StartedAsync();
        var (_, key) = await access.MakeKeyAsync("admin", "*");
        await access.StopAsync();

        await access.StartAsync((HttpOptions.Listen, "0.0.0.0:0"));
        Assert.Equal(HttpStatusCode.OK, await WithHostAsync(access, key, "any.example"));
        await access.StopAsync();

        await access.StartAsync((HttpOptions.Listen, "0.0.0.0:0"), (HttpOptions.AllowedHosts, "go.example.org"));
        Assert.Equal(HttpStatusCode.OK, await WithHostAsync(access, key, "go.example.org"));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, await WithHostAsync(access, key, "any.example"));
    }

    [Fact]
    public async Task A_page_of_another_origin_can_change_nothing()
    {
        await using var access = await AccessInstance.StartedAsync((HttpOptions.AllowedOrigins, "https://app.example.org"));
        var own = access.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);

        Assert.Equal(HttpStatusCode.OK, await PostAsync(access));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(access, ("Origin", own), ("Sec-Fetch-Site", "same-origin")));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(access, ("Origin", "https://app.example.org"), ("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(access, ("Origin", "https://evil.example")));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(access, ("Origin", "http://127.0.0.1:1"))); // another program on this machine
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(access, ("Origin", "null")));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(access, ("Origin", "")));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(access, ("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(access, ("Origin", own), ("Sec-Fetch-Site", "cross-site")));
    }

    [Fact]
    public async Task A_link_on_another_site_may_be_followed_but_a_web_socket_may_not_be_opened_from_there()
    {
        await using var access = await AccessInstance.StartedAsync();

        using var followed = await access.SendAsync(HttpMethod.Get, "open", ("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"));
        using var socket = await access.SendAsync(HttpMethod.Get, "open", ("Origin", "https://evil.example"), ("Connection", "Upgrade"), ("Upgrade", "websocket"));

        Assert.Equal(HttpStatusCode.OK, followed.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, socket.StatusCode);
    }

    [Theory]
    [InlineData("https://go.example.org", "", "Http:AllowedHosts")]
    [InlineData("go.example.org:443", "", "Http:AllowedHosts")]
    [InlineData("*", "", "Http:AllowedHosts")]
    [InlineData("", "app.example.org", "Http:AllowedOrigins")]
    [InlineData("", "https://app.example.org/", "Http:AllowedOrigins")]
    public void A_list_that_would_never_match_is_a_settings_error(string hosts, string origins, string blamed)
    {
        var settings = SettingValues.Of((HttpOptions.AllowedHosts, hosts), (HttpOptions.AllowedOrigins, origins));

        Assert.Equal(blamed, Assert.Single(new HttpModule().Validate(settings)).Name);
    }

    private static async Task<HttpStatusCode> WithHostAsync(AccessInstance access, string key, string host)
    {
        using var response = await access.SendAsync(HttpMethod.Get, "v1/toys", ("Host", host), ("X-Api-Key", key));
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> PostAsync(AccessInstance access, params (string, string)[] headers)
    {
        using var response = await access.SendAsync(HttpMethod.Post, "v1/toys", headers);
        return response.StatusCode;
    }
}
