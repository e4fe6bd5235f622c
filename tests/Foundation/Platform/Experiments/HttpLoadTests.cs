using System.Diagnostics;
using System.Net;
using System.Text;
using Groundwork.Platform.Experiments.Load;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Tests.Experiments;

public sealed class HttpLoadTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/empty")]
    [InlineData("/whole")]
    [InlineData("/chunked")]
    [InlineData("/large")]
    public async Task Every_request_gets_its_whole_answer_before_the_next(string path)
    {
        await using var server = await Server.StartAsync();
        var load = new HttpLoad(server.Address, connections: 3, HttpStatusCode.OK, Get(path));

        var result = await load.RunClosedAsync(Moment, Cancellation);

        Assert.InRange(result.Operations, 3, long.MaxValue);
        Assert.Equal(server.Requests, result.Operations);
        Assert.Equal(result.Operations, result.Latency.Count);
    }

    [Fact]
    public async Task An_open_loop_sends_as_many_as_were_due_however_few_connections_there_are()
    {
        await using var server = await Server.StartAsync();
        var load = new HttpLoad(server.Address, connections: 1, HttpStatusCode.OK, Get("/whole"));

        var result = await load.RunOpenAsync(2000, Moment, Cancellation);

        Assert.Equal(100, result.Operations);
        Assert.Equal(100, server.Requests);
        Assert.Equal(["x p50", "x p99", "x p99.9"], result.Percentiles("x ").Select(f => f.Name));
    }

    [Fact]
    public async Task A_request_is_timed_from_when_it_was_due_and_not_from_when_it_could_be_sent()
    {
        await using var server = await Server.StartAsync();

        // All ten are due at once, and the only connection takes them one by one: what the last one waits for is all of them.
        var result = await new HttpLoad(server.Address, connections: 1, HttpStatusCode.OK, Get("/slow"))
            .RunOpenAsync(1_000_000, TimeSpan.FromMicroseconds(10), Cancellation);

        Assert.Equal(10, result.Operations);
        var all = TimeSpan.FromSeconds((double)result.Latency.Max / Stopwatch.Frequency);
        Assert.InRange(all, result.Elapsed - TimeSpan.FromMicroseconds(10), result.Elapsed);
    }

    [Fact]
    public async Task An_answer_of_another_status_is_an_error_and_no_figure()
    {
        await using var server = await Server.StartAsync();
        var load = new HttpLoad(server.Address, connections: 1, HttpStatusCode.Found, Get("/whole"));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => load.RunClosedAsync(Moment, Cancellation));

        Assert.Contains("302", error.Message, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200 OK", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_off_is_an_error()
    {
        await using var server = await Server.StartAsync();
        var load = new HttpLoad(server.Address, connections: 1, HttpStatusCode.OK, Get("/gone"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => load.RunClosedAsync(Moment, Cancellation));
    }

    private static RequestWriter Get(string path) =>
        buffer => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n", buffer);

    /// <summary>Answers in every form that an answer can have.</summary>
    private sealed class Server(WebApplication app) : IAsyncDisposable
    {
        private int _requests;

        public Uri Address => new(app.Urls.Single());

        public int Requests => _requests;

        public static async Task<Server> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            var app = builder.Build();
            var server = new Server(app);
            app.Run(server.AnswerAsync);
            await app.StartAsync(Cancellation);
            return server;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private async Task AnswerAsync(HttpContext http)
        {
            Interlocked.Increment(ref _requests);
            switch (http.Request.Path.Value)
            {
                case "/whole":
                    http.Response.ContentLength = 5;
                    await http.Response.WriteAsync("whole");
                    break;
                case "/chunked":
                    await http.Response.WriteAsync("one\r\n0\r\n");
                    await http.Response.Body.FlushAsync();
                    await http.Response.WriteAsync("two");
                    break;
                case "/large":
                    await http.Response.WriteAsync(new string('x', 200_000));
                    break;
                case "/slow":
                    await Task.Delay(2);
                    break;
                case "/gone":
                    http.Abort();
                    break;
            }
        }
    }
}
