using System.Text;
using System.Text.Json;
using Groundwork.Platform.Access;
using Groundwork.Platform.Serving;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Tests.Http;

public sealed class InProcessTests : IAsyncLifetime
{
    private static readonly Principal Nobody = new("nobody", PrincipalKind.Key, "nobody", ScopeSet.Of([]));

    private static readonly Principal Reader = new("reader", PrincipalKind.Key, "reader", ScopeSet.Of(["toys:read"]));

    private ToyInstance _toy = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _toy = await ToyInstance.StartAsync();

    public ValueTask DisposeAsync() => _toy.DisposeAsync();

    [Fact]
    public async Task A_request_of_the_program_itself_is_answered_as_any_clients()
    {
        var own = await SendAsync(Reader, "GET", "/v1/toys?limit=3");
        var client = await _toy.GetAsync("/v1/toys?limit=3");

        Assert.Equal((int)client.StatusCode, own.Status);
        Assert.Equal(await client.Content.ReadAsStringAsync(Cancellation), Encoding.UTF8.GetString(own.Body.Span));
        Assert.Equal(client.Content.Headers.ContentType!.ToString(), own.Headers.ContentType.ToString());
    }

    [Fact]
    public async Task A_body_arrives_and_is_read_as_strictly()
    {
        const string Toy = """{"name":"ball","count":1,"colour":"blue","parts":[]}""";
        Assert.Equal(200, (await SendAsync(Reader, "POST", "/v1/toys", Toy)).Status);
        Assert.Equal(400, (await SendAsync(Reader, "POST", "/v1/toys", Toy.Replace("count", "size", StringComparison.Ordinal))).Status);
    }

    [Fact]
    public async Task Whoever_it_is_for_may_what_they_may()
    {
        Assert.Equal(200, (await SendAsync(Reader, "GET", "/v1/toys/scoped")).Status);

        var refused = await SendAsync(Nobody, "GET", "/v1/toys/scoped");
        Assert.Equal(403, refused.Status);
        Assert.Contains("missing-scope", JsonDocument.Parse(refused.Body).RootElement.GetProperty("type").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_goes_wrong_is_the_problem_that_a_client_would_get()
    {
        Assert.Equal(404, (await SendAsync(Reader, "GET", "/v1/nowhere")).Status);
        Assert.Equal(400, (await SendAsync(Reader, "GET", "/v1/toys/%00")).Status);
        Assert.Equal(500, (await SendAsync(Reader, "GET", "/v1/toys/fail")).Status);
        Assert.Equal(421, (await SendAsync(Reader, "GET", "/v1/toys/constant", host: "evil.example")).Status);
    }

    [Fact]
    public async Task What_is_the_control_sockets_stays_so() =>
        Assert.NotEqual(200, (await SendAsync(Principal.Local, "GET", "/control/toys")).Status);

    private Task<InProcessAnswer> SendAsync(Principal principal, string method, string path, string? body = null, string host = "127.0.0.1") =>
        _toy.Running.Instance.Services.GetRequiredService<InProcessRequests>().SendAsync(
            principal,
            new InProcessRequest(
                method,
                new Uri($"http://{host}{path}"),
                body is null ? [] : [new("content-type", "application/json")],
                body is null ? default : Encoding.UTF8.GetBytes(body)),
            Cancellation);
}
