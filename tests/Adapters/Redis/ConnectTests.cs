using System.Buffers;
using System.Collections.Concurrent;
using Groundwork.Ports.Caching;
using Groundwork.Testing;
using Groundwork.Testing.Caching;
using Groundwork.Testing.Servers;
using Microsoft.Extensions.Logging;

namespace Groundwork.Redis.Tests;

/// <summary>What the start of a program does before its first call.</summary>
public sealed class ConnectTests(SharedRedis shared) : IDisposable
{
    private static readonly LeaseTerms Terms = new(TimeSpan.FromSeconds(1), TimeSpan.Zero);

    private readonly Said _said = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _said.Dispose();

    [Fact]
    public async Task A_server_that_answers_is_connected_to_and_listened_to_without_a_word_in_the_log()
    {
        var redis = await shared.GetAsync(Token);
        await using var server = Servers.Create(redis.Connection, TimeSpan.FromSeconds(10), _said);
        await server.ConnectAsync(Token);
        var cache = server.Open(new CacheSpace("connect", 1 << 20));
        cache.Listen(new ToldChanges());
        while (!cache.IsHeard)
            await Task.Delay(1, Token);

        Assert.Equal(LeaseState.Granted, (await cache.LeaseAsync(new byte[] { 1 }, Terms, new ArrayBufferWriter<byte>(), Token)).State);
        await cache.ClearAsync(Token);
        Assert.Empty(_said.Lines);
    }

    [Fact]
    public async Task Connecting_to_a_server_that_is_not_there_says_so_once()
    {
        await using var server = Servers.Create($"127.0.0.1:{SparePort.Next()}", TimeSpan.FromMilliseconds(1), _said);
        await Assert.ThrowsAsync<CacheException>(() => server.ConnectAsync(Token).AsTask());
        await Assert.ThrowsAsync<CacheException>(() => server.ConnectAsync(Token).AsTask());
        Assert.Contains("is lost", Assert.Single(_said.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_waits_for_a_silent_server_may_give_up_and_later_calls_find_it_when_it_goes_on()
    {
        await using var redis = await RedisProcess.StartAsync(Token);
        redis.Hang();
        await using var server = Servers.Create(redis.Connection, TimeSpan.FromSeconds(10));
        using var patience = new CancellationTokenSource();
        var connecting = server.ConnectAsync(patience.Token).AsTask();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        redis.GoOn();

        for (var answered = false; !answered;)
        {
            try
            {
                await server.CheckAsync(Token);
                answered = true;
            }
            catch (CacheException)
            {
                await Task.Delay(1, Token);
            }
        }
    }

    private sealed class Said : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
