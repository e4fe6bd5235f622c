using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Groundwork.Testing;
using Groundwork.Testing.Processes;

namespace Groundwork.EndToEnd.Tests;

public sealed class CrashTests : IDisposable
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
    public async Task Kill_9_under_load_loses_no_link_that_was_acknowledged()
    {
        var acknowledged = new ConcurrentDictionary<string, string>();
        for (var round = 0; round < 3; round++)
        {
            await using var running = await GroundworkProcess.StartAsync(_folder.Path);
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var target = acknowledged.Count + 300;
            var writers = Enumerable.Range(0, 16).Select(w => WriteUntilCutAsync(running.Address, $"{round}-{w}", acknowledged, target, enough)).ToList();
            await enough.Task.WaitAsync(Cancellation);
            await running.KillAsync();
            await Task.WhenAll(writers);
        }

        await using var reopened = await GroundworkProcess.StartAsync(_folder.Path);
        Assert.True(acknowledged.Count >= 900);
        foreach (var (code, longUrl) in acknowledged)
        {
            var response = await _client.GetAsync(new Uri(reopened.Address, code), Cancellation);
            Assert.Equal(HttpStatusCode.Found, response.StatusCode);
            Assert.Equal(longUrl, response.Headers.Location!.OriginalString);
        }
    }

    private async Task WriteUntilCutAsync(
        Uri address, string writer, ConcurrentDictionary<string, string> acknowledged, int target, TaskCompletionSource enough)
    {
        for (var i = 0; ; i++)
        {
            var longUrl = $"https://example.org/{writer}/{i}";
            try
            {
                using var response = await _client.PostAsJsonAsync(new Uri(address, "v1/urls"), new { long_url = longUrl }, Cancellation);
                Assert.Equal(HttpStatusCode.Created, response.StatusCode);
                var code = (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("code").GetString()!;
                Assert.True(acknowledged.TryAdd(code, longUrl), $"the code {code} was handed out twice");
            }
            catch (HttpRequestException)
            {
                return; // the cut
            }
            catch (IOException)
            {
                return;
            }

            if (acknowledged.Count >= target)
                enough.TrySetResult();
        }
    }
}
