using System.Net;
using System.Net.Sockets;
using System.Text;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Serving;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Cache.Tests;

public sealed class CacheModuleTests
{
    private readonly CacheModule _module = new();

    [Fact]
    public async Task What_one_client_keeps_another_finds()
    {
        await using var services = await StartAsync((CacheOptions.Listen, "127.0.0.1:0"));
        var address = (IPEndPoint)services.GetRequiredService<RespServer>().Addresses[0];

        Assert.Equal("+OK\r\n", await AskAsync(address, "SET greeting hello EX 60\r\n", 5));
        Assert.Equal("$5\r\nhello\r\n", await AskAsync(address, "*2\r\n$3\r\nGET\r\n$8\r\ngreeting\r\n", 11));
        Assert.Equal(HealthState.Healthy, (await _module.CheckHealthAsync(TestContext.Current.CancellationToken)).State);
        await _module.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Whoever_has_not_given_the_password_gets_nothing()
    {
        await using var services = await StartAsync((CacheOptions.Listen, "127.0.0.1:0"), (CacheOptions.Password, "secret"));
        var address = (IPEndPoint)services.GetRequiredService<RespServer>().Addresses[0];

        Assert.StartsWith("-NOAUTH", await AskAsync(address, "GET a\r\n", 7), StringComparison.Ordinal);
        Assert.Equal("+OK\r\n$-1\r\n", await AskAsync(address, "AUTH secret\r\nGET a\r\n", 10));
        await _module.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_port_that_was_set_by_hand_and_is_taken_stops_the_start()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var refusal = await Assert.ThrowsAsync<StartRefusedException>(() => StartAsync((CacheOptions.Listen, $"{other.LocalEndpoint}")));

        Assert.Contains("Cache:Listen", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"{other.LocalEndpoint}", refusal.Message, StringComparison.Ordinal);
        await _module.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Without_an_address_nothing_listens_and_modules_have_their_spaces_all_the_same()
    {
        await using var services = await StartAsync((CacheOptions.Listen, "none"));
        var cache = services.GetRequiredService<ICacheServer>().Open(new CacheSpace("things", CacheLimits.MinSpaceBytes));

        await cache.SetAsync("a"u8.ToArray(), "x"u8.ToArray(), Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);

        Assert.Equal(CacheLookup.Found, cache.TryGet("a"u8, new byte[1], out _));
        Assert.Null(services.GetRequiredService<CacheEngine>().Server);
        Assert.Equal(HealthState.Healthy, (await _module.CheckHealthAsync(TestContext.Current.CancellationToken)).State);
        await _module.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("none", "", 0)]
    [InlineData("0.0.0.0:6379", "", 1)]
    [InlineData("0.0.0.0:6379", "secret", 0)]
    [InlineData("127.0.0.1:6379", "", 0)]
    [InlineData("[::1]:6379", "", 0)]
    public void An_address_that_others_reach_wants_a_password(string listen, string password, int errors) =>
        Assert.Equal(errors, _module.Validate(SettingValues.Of((CacheOptions.Listen, listen), (CacheOptions.Password, password))).Count());

    private static async Task<string> AskAsync(IPEndPoint address, string request, int atLeast)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        var answer = new byte[1024];
        var length = await stream.ReadAtLeastAsync(answer, atLeast, cancellationToken: TestContext.Current.CancellationToken);
        return Encoding.ASCII.GetString(answer, 0, length);
    }

    private async Task<ServiceProvider> StartAsync(params (Setting Setting, string Text)[] settings)
    {
        var values = SettingValues.Of(settings);
        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(values);
        services.AddLogging();
        _module.Register(services, values);
        var provider = services.BuildServiceProvider();
        await _module.StartAsync(provider, TestContext.Current.CancellationToken);
        return provider;
    }
}
