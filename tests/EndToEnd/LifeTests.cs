using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Groundwork.Testing;
using Groundwork.Testing.Processes;

namespace Groundwork.EndToEnd.Tests;

public sealed class LifeTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_stops_when_it_is_told_to_and_starts_again_on_what_it_kept()
    {
        await using (var first = await GroundworkProcess.StartAsync(_folder.Path))
        {
            var created = await _client.PostAsJsonAsync(new Uri(first.Address, "v1/urls"), new { long_url = "https://example.org/" }, Cancellation);
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
            Assert.Equal(0, await first.TerminateAsync());
        }

        await using var second = await GroundworkProcess.StartAsync(_folder.Path);
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync(new Uri(second.Address, "health/ready"), Cancellation)).StatusCode);
        Assert.Equal(0, await second.TerminateAsync());
    }

    [Fact]
    public async Task A_second_instance_on_the_same_folder_is_refused_and_told_what_to_do()
    {
        await using var first = await GroundworkProcess.StartAsync(_folder.Path);

        var (exitCode, output) = await GroundworkProcess.RunAsync("up", $"--Data={_folder.Path}", "--Http:Listen=127.0.0.1:0");

        Assert.Equal(1, exitCode);
        Assert.Contains("is running on the data folder", output, StringComparison.Ordinal);
        Assert.Contains("--Data=", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_stops_the_start_and_the_message_names_the_setting()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var (exitCode, output) = await GroundworkProcess.RunAsync("up", $"--Data={_folder.Path}", $"--Http:Listen={taken.LocalEndpoint}");

        Assert.Equal(1, exitCode);
        Assert.Contains("--Http:Listen=", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal); // no stack hides it
    }

    [Fact]
    public async Task All_mistakes_in_the_settings_are_told_at_once()
    {
        var (exitCode, output) = await GroundworkProcess.RunAsync(
            "up", $"--Data={_folder.Path}", "--Http:Listne=127.0.0.1:0", "--Links:CodeBlock=0", "--Chat:Anything=1");

        Assert.Equal(2, exitCode);
        Assert.Contains("Did you mean Http:Listen?", output, StringComparison.Ordinal);
        Assert.Contains("Links:CodeBlock", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Chat:Anything (", output, StringComparison.Ordinal);
    }
}
