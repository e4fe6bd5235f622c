using System.Net.Http.Json;
using System.Text.Json;
using Groundwork.Platform.Control;
using Groundwork.Platform.Http;
using Groundwork.Ports.Modules;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Http;

public sealed class LifeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_instance_is_ready_while_no_module_is_unwell_and_says_which_is()
    {
        var time = new FakeTimeProvider();
        await using var toy = await ToyInstance.StartAsync(time: time);
        var ready = await toy.Client.GetFromJsonAsync<JsonElement>(new Uri("/health/ready", UriKind.Relative), Cancellation);
        Assert.Contains(ready.GetProperty("modules").EnumerateArray(), m => m.GetProperty("name").GetString() == "Toys");

        toy.Toys.Health = new ModuleHealth(HealthState.Degraded, "It is tired.");
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(200, (int)(await toy.GetAsync("/health/ready")).StatusCode);

        toy.Toys.Health = new ModuleHealth(HealthState.Unhealthy, "Its spring broke.");
        time.Advance(TimeSpan.FromSeconds(2));
        var response = await toy.GetAsync("/health/ready");
        var problem = await ToyInstance.ProblemAsync(response, "not-ready", 503);
        Assert.Contains("Toys: Its spring broke.", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal(200, (int)(await toy.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task Probes_ask_the_modules_once_a_second_however_many_there_are()
    {
        var time = new FakeTimeProvider();
        await using var toy = await ToyInstance.StartAsync(time: time);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => toy.GetAsync("/health/ready")));
        Assert.Equal(1, toy.Toys.HealthAsked);

        time.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => toy.GetAsync("/health/ready")));
        Assert.Equal(2, toy.Toys.HealthAsked);
    }

    [Fact]
    public async Task A_stop_finishes_what_is_under_way_and_turns_away_what_comes_after()
    {
        await using var toy = await ToyInstance.StartAsync();
        var under = toy.GetAsync("/v1/toys/wait");
        await toy.Toys.Entered.Task.WaitAsync(Cancellation);

        toy.Running.Instance.RequestStop();
        var late = await toy.GetAsync("/v1/toys/constant");
        await ToyInstance.ProblemAsync(late, "stopping", 503);
        Assert.NotNull(late.Headers.RetryAfter);
        Assert.True(late.Headers.ConnectionClose);
        Assert.Equal(200, (int)(await toy.GetAsync("/health/live")).StatusCode);
        await ToyInstance.ProblemAsync(await toy.GetAsync("/health/ready"), "not-ready", 503);

        toy.Toys.Release.SetResult();
        Assert.Equal("done", await (await under).Content.ReadAsStringAsync(Cancellation));
        await toy.Running.Instance.StopAsync();
    }

    [Fact]
    public async Task A_caller_that_goes_away_ends_its_request()
    {
        await using var toy = await ToyInstance.StartAsync();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var request = toy.Client.GetAsync(new Uri("/v1/toys/wait", UriKind.Relative), gone.Token);
        await toy.Toys.Entered.Task.WaitAsync(Cancellation);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await toy.Toys.Abandoned.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task The_control_sockets_routes_are_not_served_to_anyone_else()
    {
        await using var toy = await ToyInstance.StartAsync();
        await ToyInstance.ProblemAsync(await toy.GetAsync("/control/toys"), "not-found", 404);
        using var control = ControlClient.For(toy.Folder);
        Assert.Equal("for this user only", await control.GetStringAsync(new Uri("/control/toys", UriKind.Relative), Cancellation));
    }

    [Fact]
    public async Task A_limiter_is_asked_for_every_endpoint_and_its_refusal_says_when_to_come_back()
    {
        var limiter = new ToyLimiter();
        await using var toy = await ToyInstance.StartAsync(new ToyModule(limiter));
        var first = await toy.GetAsync("/v1/toys/constant");
        Assert.Equal(200, (int)first.StatusCode);
        Assert.Equal("1", first.Headers.GetValues("RateLimit-Remaining").Single());

        limiter.Next = RequestVerdict.Refused(TimeSpan.FromSeconds(2.5), new KeyValuePair<string, string>("RateLimit-Remaining", "0"));
        var second = await toy.GetAsync("/v1/toys/constant");
        await ToyInstance.ProblemAsync(second, "too-many-requests", 429);
        Assert.Equal(TimeSpan.FromSeconds(3), second.Headers.RetryAfter!.Delta);
        Assert.Equal("0", second.Headers.GetValues("RateLimit-Remaining").Single());

        Assert.Equal(2, limiter.Asked.Count);
        Assert.All(limiter.Asked, r => Assert.Equal("127.0.0.1", r.Address!.MapToIPv4().ToString()));
        await ToyInstance.ProblemAsync(await toy.GetAsync("/v1/nothing/here"), "not-found", 404);
        Assert.Equal(2, limiter.Asked.Count);
    }

    [Theory]
    [InlineData("GET /v1/toys/constant HTTP/1.1\r\nHost: localhost\r\nX-Big: {40000}\r\n\r\n", "431")]
    [InlineData("GET /v1/toys/{9000} HTTP/1.1\r\nHost: localhost\r\n\r\n", "414")]
    [InlineData("GET /v1/toys/constant HTTP/1.1\r\n\r\n", "400")]
    [InlineData("nonsense\r\n\r\n", "400")]
    [InlineData("POST /v1/toys HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n", "400")]
    [InlineData("POST /v1/toys HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n", "413")]
    public async Task What_is_not_HTTP_or_over_a_limit_is_refused_and_cut(string request, string status)
    {
        await using var toy = await ToyInstance.StartAsync();
        var big = System.Text.RegularExpressions.Regex.Replace(request, @"\{(\d+)\}", m => new string('x', int.Parse(m.Groups[1].Value, null)));
        Assert.StartsWith($"HTTP/1.1 {status} ", await toy.RawAsync(big), StringComparison.Ordinal);
    }

    private sealed class ToyLimiter : IRequestLimiter
    {
        public List<LimitedRequest> Asked { get; } = [];

        public RequestVerdict Next { get; set; } =
            RequestVerdict.Allowed with { Headers = [new KeyValuePair<string, string>("RateLimit-Remaining", "1")] };

        public bool Limits(Microsoft.AspNetCore.Http.Endpoint endpoint) => true;

        public ValueTask<RequestVerdict> AskAsync(LimitedRequest request, CancellationToken cancellationToken)
        {
            Asked.Add(request);
            return new(Next);
        }
    }
}
