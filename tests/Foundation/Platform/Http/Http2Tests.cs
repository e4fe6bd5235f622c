using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Groundwork.Platform.Data;
using Groundwork.Platform.Hosting;
using Groundwork.Platform.Http;
using Groundwork.Platform.Serving;
using Groundwork.Platform.Settings;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Groundwork.Sqlite;
using Groundwork.Testing;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Platform.Tests.Http;

/// <summary>HTTP/2 to those who begin with it, without TLS.</summary>
public sealed class Http2Tests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_addresses_are_served_by_HTTP_2_on_a_port_of_its_own()
    {
        await using var toy = await StartAsync();
        using var client = Client(toy);
        using var answer = await client.GetAsync(new Uri("/v1/toys/constant", UriKind.Relative), Cancellation);
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (answer.StatusCode, answer.Version));
        Assert.Equal("toy", await answer.Content.ReadAsStringAsync(Cancellation));
        using var missing = await client.GetAsync(new Uri("/v1/nothing", UriKind.Relative), Cancellation);
        await ToyInstance.ProblemAsync(missing, "not-found", 404);
    }

    [Theory]
    [InlineData("/v1/nothing", "12", "There is nothing at this address. /docs lists what there is.")]
    [InlineData("/v1/toys/constant", "12", "This address takes GET, HEAD, not POST.")]
    [InlineData("/v1/toys/scoped", "12", "This address takes GET, HEAD, not POST.")]
    [InlineData("/v1/toys/upload", "8", "This endpoint takes bodies of at most 8192 bytes.")]
    [InlineData("/v1/nothing", "7", "The request is for the host 'evil.example'. If people reach this server by that name, add it to Http:AllowedHosts.", "evil.example")]
    public async Task A_problem_reaches_a_client_of_gRPC_as_a_status_of_gRPC(string path, string status, string message, string host = "localhost")
    {
        await using var toy = await StartAsync();
        using var client = Client(toy);
        foreach (var type in (string[])["application/grpc", "application/grpc+proto"])
        {
            using var content = new ByteArrayContent(new byte[10_000]) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = content,
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Headers = { Host = host },
            };
            using var answer = await client.SendAsync(request, Cancellation);
            Assert.Equal((HttpStatusCode.OK, "application/grpc"), (answer.StatusCode, answer.Content.Headers.ContentType!.ToString()));
            Assert.Equal((status, message), (answer.Headers.GetValues("grpc-status").Single(), answer.Headers.GetValues("grpc-message").Single()));
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancellation));
        }
    }

    [Fact]
    public void What_is_not_ASCII_in_a_message_of_gRPC_is_escaped()
    {
        var response = new DefaultHttpContext().Response;
        GrpcProblem.Write(response, Problem.StorageFull, "50% of caf\u00e9\n");
        Assert.Equal(("8", "50%25 of caf%C3%A9%0A"), (response.Headers["grpc-status"].ToString(), response.Headers["grpc-message"].ToString()));
    }

    [Fact]
    public async Task A_port_that_another_program_has_is_done_without_unless_it_was_asked_for()
    {
        using var other = new TcpListener(IPAddress.Loopback, HttpOptions.ListenHttp2.Default!.Port);
        try
        {
            other.Start();
        }
        catch (SocketException)
        {
            // Another program has it, which does as well.
        }

        using var folder = new TempFolder();
        await using (var instance = Build(folder.Path))
        {
            await instance.StartAsync(Cancellation);
            Assert.NotNull(instance.Address);
            Assert.Null(instance.Http2Address);
        }

        await using var refused = Build(folder.Path, (HttpOptions.ListenHttp2, HttpOptions.ListenHttp2.DefaultText));
        var failure = await Assert.ThrowsAsync<StartRefusedException>(() => refused.StartAsync(Cancellation));
        Assert.Contains("Choose another address with --Http:ListenHttp2=…, or none.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_address_for_both_is_a_settings_error()
    {
        var settings = SettingValues.Of((HttpOptions.Listen, "127.0.0.1:9000"), (HttpOptions.ListenHttp2, "127.0.0.1:9000"));
        Assert.Equal("Http:ListenHttp2", Assert.Single(new HttpModule().Validate(settings)).Name);
    }

    [Fact]
    public async Task Others_are_served_by_HTTP_2_only_with_credentials()
    {
        using var folder = new TempFolder();
        await using var instance = Build(folder.Path, (HttpOptions.ListenHttp2, "0.0.0.0:0"));
        var failure = await Assert.ThrowsAsync<StartRefusedException>(() => instance.StartAsync(Cancellation));
        Assert.StartsWith("Http:ListenHttp2=0.0.0.0:0 can be reached from other machines", failure.Message, StringComparison.Ordinal);
    }

    private static Task<ToyInstance> StartAsync() => ToyInstance.StartAsync(settings: (HttpOptions.ListenHttp2, "127.0.0.1:0"));

    private static Instance Build(string folder, params (Setting Setting, string Text)[] settings) => Instance.Build(
        [new HttpModule(), new DatabaseModule(new SqliteEngine()), new ToyModule()],
        SettingValues.Of([(ProgramSettings.Data, folder), (HttpOptions.Listen, "127.0.0.1:0"), .. settings]),
        new InstanceOptions { Time = TimeProvider.System });

    private static HttpClient Client(ToyInstance toy) => new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        BaseAddress = toy.Running.Instance.Http2Address,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };
}
