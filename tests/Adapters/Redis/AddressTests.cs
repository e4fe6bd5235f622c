using System.Buffers;
using Groundwork.Ports.Caching;
using Groundwork.Testing;
using Groundwork.Testing.Servers;

namespace Groundwork.Redis.Tests;

/// <summary>What an operator is told whose <c>Cache:Connection</c> leads nowhere.</summary>
public sealed class AddressTests
{
    private const string Secret = "hunter2hunter2";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_where_nobody_is_says_which_and_what_to_check()
    {
        var port = SparePort.Next();
        var message = await LastMessageAsync($"127.0.0.1:{port},password={Secret}", m => m.Contains("cannot be reached", StringComparison.Ordinal));

        Assert.Contains($"127.0.0.1:{port}", message, StringComparison.Ordinal);
        Assert.Contains("Check that it runs and that Cache:Connection names the right host and port", message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(",password=" + Secret)]
    [InlineData(",user=nobody,password=" + Secret)]
    [InlineData("")]
    public async Task A_wrong_password_says_what_to_check_and_appears_nowhere(string entry)
    {
        await using var redis = await RedisProcess.StartAsync(Token, password: "another");
        var message = await LastMessageAsync($"127.0.0.1:{redis.Port}{entry}", m => m.Contains("does not let us in", StringComparison.Ordinal));

        Assert.Contains("password", message, StringComparison.Ordinal);
        Assert.Contains("Cache:Connection", message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_lets_us_in_and_changes_are_told()
    {
        await using var redis = await RedisProcess.StartAsync(Token, password: Secret);
        await using var server = Servers.Create(redis.Connection, TimeSpan.FromSeconds(10));
        var cache = server.Open(new CacheSpace("entered", 1 << 20));
        var told = new Testing.Caching.ToldChanges();
        cache.Listen(told);
        while (!cache.IsHeard)
            await Task.Delay(1, Token);

        Assert.True(await cache.SetAsync(new byte[] { 1 }, new byte[] { 2 }, Timeout.InfiniteTimeSpan, Token));
        await told.OfAsync([1], Token);
    }

    [Theory]
    [InlineData("127.0.0.1:6379,pasword=" + Secret)]
    [InlineData("127.0.0.1:6379,connectTimeout=" + Secret)]
    [InlineData(",,")]
    public void A_text_that_cannot_be_read_is_refused_and_not_repeated(string connection)
    {
        var failure = Assert.Throws<CacheException>(() => Servers.Create(connection, TimeSpan.FromSeconds(1)));

        Assert.Contains("Cache:Connection cannot be read", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, failure.ToString(), StringComparison.Ordinal);
    }

    // Until the driver has tried again, a call may say no more than that there was no answer.
    private static async Task<string> LastMessageAsync(string connection, Predicate<string> isKnown)
    {
        await using var server = Servers.Create(connection, TimeSpan.FromSeconds(10));
        var cache = server.Open(new CacheSpace("nowhere", 1 << 20));
        await Assert.ThrowsAsync<CacheException>(() => cache.GetAsync(new byte[] { 1 }, new ArrayBufferWriter<byte>(), Token).AsTask());
        while (true)
        {
            var failure = await Assert.ThrowsAsync<CacheException>(() => server.CheckAsync(Token).AsTask());
            Assert.DoesNotContain(Secret, failure.ToString(), StringComparison.Ordinal);
            if (isKnown(failure.Message))
                return failure.Message;
            await Task.Delay(1, Token);
        }
    }
}
