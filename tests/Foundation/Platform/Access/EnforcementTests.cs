using System.Net;
using Groundwork.Platform.Access;
using Groundwork.Platform.Hosting;
using Groundwork.Platform.Http;
using Groundwork.Ports.Modules;

namespace Groundwork.Platform.Tests.Access;

public sealed class EnforcementTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_loopback_nobody_needs_a_key_but_one_that_is_shown_is_checked()
    {
        await using var access = await AccessInstance.StartedAsync();
        var (id, key) = await access.MakeKeyAsync("reader", "toys:read");

        using var local = await access.SendAsync(HttpMethod.Get, "v1/toys");
        Assert.Equal("local", await local.Content.ReadAsStringAsync(Cancellation));
        using var known = await access.SendAsync(HttpMethod.Get, "v1/toys", ("X-Api-Key", key));
        Assert.Equal(id, await known.Content.ReadAsStringAsync(Cancellation));

        Assert.Equal(HttpStatusCode.Unauthorized, await access.StatusAsync("gw_nonsense"));
        Assert.Equal(HttpStatusCode.Unauthorized, await access.StatusAsync(key[..^1] + (key[^1] == 'a' ? 'b' : 'a')));
        using var basic = await access.SendAsync(HttpMethod.Get, "v1/toys", ("Authorization", "Basic dXNlcjpwYXNz"));
        Assert.Equal(HttpStatusCode.Unauthorized, basic.StatusCode);
        using var both = await access.SendAsync(HttpMethod.Get, "v1/toys", ("Authorization", $"Bearer {key}"), ("X-Api-Key", key));
        Assert.Equal(HttpStatusCode.Unauthorized, both.StatusCode);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("Forwarded", "for=203.0.113.7")]
    [InlineData("Host", "toys.example.org")]
    public async Task What_a_proxy_passed_on_is_not_taken_for_a_caller_on_this_machine(string header, string value)
    {
        await using var access = await AccessInstance.StartedAsync((HttpOptions.AllowedHosts, "toys.example.org"));

        using var passedOn = await access.SendAsync(HttpMethod.Get, "v1/toys", (header, value));

        Assert.Equal(HttpStatusCode.Unauthorized, passedOn.StatusCode);
    }

    [Fact]
    public async Task With_always_a_caller_without_a_key_is_told_what_to_send()
    {
        await using var access = await AccessInstance.StartedAsync((AccessOptions.Require, "always"));

        using var response = await access.SendAsync(HttpMethod.Get, "v1/toys");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("toys:read", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, await access.StatusAsync(null, path: "open"));
        Assert.Equal(HttpStatusCode.OK, await access.StatusAsync(null, path: "health/live"));
        Assert.Equal(HttpStatusCode.NotFound, await access.StatusAsync(null, path: "v1/nothing"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await access.StatusAsync(null, HttpMethod.Delete));
    }

    [Fact]
    public async Task A_key_may_do_what_its_scopes_say_and_is_told_which_one_it_lacks()
    {
        await using var access = await AccessInstance.StartedAsync((AccessOptions.Require, "always"));
        var (_, reader) = await access.MakeKeyAsync("reader", "toys:read");
        var (_, all) = await access.MakeKeyAsync("all toys", "toys:*");
        var (_, admin) = await access.MakeKeyAsync("admin", "*");

        Assert.Equal(HttpStatusCode.OK, await access.StatusAsync(reader));
        using var refused = await access.SendAsync(HttpMethod.Post, "v1/toys", ("Authorization", $"bearer {reader}"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("scope=\"toys:write\"", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Contains("toys:write", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);

        foreach (var key in new[] { all, admin })
        {
            Assert.Equal(HttpStatusCode.OK, await access.StatusAsync(key));
            Assert.Equal(HttpStatusCode.OK, await access.StatusAsync(key, HttpMethod.Post));
        }
    }

    [Theory]
    [InlineData("0.0.0.0:0")]
    [InlineData("[::]:0")]
    public async Task An_address_that_others_reach_is_refused_until_there_is_a_key_and_then_asks_for_it(string listen)
    {
        await using var access = new AccessInstance();
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => access.StartAsync((HttpOptions.Listen, listen)));
        Assert.Contains("groundwork keys create admin --scope '*'", refused.Message, StringComparison.Ordinal);
        Assert.Null(access.Instance.Address);
        await access.StopAsync();

        await access.StartAsync(new InstanceOptions { ControlOnly = true, Time = access.Time }, [new AccessModule(), new ToyModule(access.Log)], (HttpOptions.Listen, listen));
        var (_, key) = await access.MakeKeyAsync("admin", "*");
        await access.StopAsync();

        await access.StartAsync((HttpOptions.Listen, listen));
        Assert.Equal(HttpStatusCode.Unauthorized, await access.StatusAsync(null));
        Assert.Equal(HttpStatusCode.OK, await access.StatusAsync(key));
        Assert.Equal(HttpStatusCode.OK, await access.StatusAsync(null, path: "open"));
        Assert.Contains(access.Log.Lines, l => l.Text.Contains("without TLS", StringComparison.Ordinal));
        await access.StopAsync();

        await access.StartAsync();
        using (await access.ControlAsync(HttpMethod.Delete, "keys/admin"))
            await access.StopAsync();
        await Assert.ThrowsAsync<StartRefusedException>(() => access.StartAsync((HttpOptions.Listen, listen)));
    }

    [Fact]
    public async Task Without_the_module_only_loopback_is_served_and_no_credential_is_believed()
    {
        await using var access = new AccessInstance();
        var options = new InstanceOptions { Time = access.Time };
        await Assert.ThrowsAsync<StartRefusedException>(
            () => access.StartAsync(options, [new ToyModule(access.Log)], (HttpOptions.Listen, "0.0.0.0:0")));
        await access.StopAsync();

        await access.StartAsync(options, [new ToyModule(access.Log)]);
        Assert.Equal(HttpStatusCode.OK, await access.StatusAsync(null));
        Assert.Equal(HttpStatusCode.Unauthorized, await access.StatusAsync("anything"));
    }

    [Fact]
    public async Task An_endpoint_about_which_nobody_decided_stops_the_start()
    {
        await using var access = new AccessInstance();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => access.StartAsync(
            new InstanceOptions { Time = access.Time }, [new AccessModule(), new ToyModule(access.Log, withUndecided: true)]));

        Assert.Contains("/v1/forgotten", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("/v1/toys", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("/keys", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_control_socket_is_trusted_and_its_routes_are_served_nowhere_else()
    {
        await using var access = await AccessInstance.StartedAsync((AccessOptions.Require, "always"));

        using var control = await access.ControlAsync(HttpMethod.Get, "v1/toys");
        Assert.Equal("control", await control.Content.ReadAsStringAsync(Cancellation));
        using var keys = await access.ControlAsync(HttpMethod.Get, "keys");
        Assert.Equal(HttpStatusCode.OK, keys.StatusCode);

        var (_, admin) = await access.MakeKeyAsync("admin", "*");
        Assert.Equal(HttpStatusCode.NotFound, await access.StatusAsync(admin, path: "keys"));
    }
}
