using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Groundwork.Testing.Processes;

/// <summary>
/// One program for all tests of a class: starting one takes longer than most of them. For tests that neither end it, nor set anything of it, nor ask what it has
/// done since its start. Use it as a class fixture; it is started when a test first asks for it.
/// </summary>
/// <remarks>What each test finds is empty but for what a program never forgets: codes of links that were taken once, so that each needs its own.</remarks>
public sealed class SharedProgram : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private GroundworkProcess? _program;

    /// <summary>The program, with no links, no topics, no groups and no keys of the cache in it.</summary>
    public async Task<GroundworkProcess> EmptiedAsync(CancellationToken cancellationToken)
    {
        if (_program is null)
            return _program = await GroundworkProcess.StartAsync(_folder["data"]);
        using var http = new HttpClient { BaseAddress = _program.Address };
        await DeleteAllAsync(http, "v1/urls", "code", cancellationToken);
        await DeleteAllAsync(http, "v1/topics", "name", cancellationToken);
        await DeleteAllAsync(http, "v1/groups", "name", cancellationToken);
        await EmptyCacheAsync(http, cancellationToken);
        return _program;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
            await _program.DisposeAsync();
        _folder.Dispose();
    }

    // The broker's own topics stay.
    private static async Task DeleteAllAsync(HttpClient http, string path, string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = (await http.GetFromJsonAsync<JsonNode>(path, cancellationToken))!["items"]!.AsArray();
            var left = page.Where(item => item!["internal"] is not { } own || !own.GetValue<bool>()).ToList();
            if (left.Count == 0)
                return;
            foreach (var item in left)
            {
                using var answer = await http.DeleteAsync($"{path}/{Uri.EscapeDataString(item![id]!.ToString())}", cancellationToken);
                answer.EnsureSuccessStatusCode();
            }
        }
    }

    private static async Task EmptyCacheAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var server = (await http.GetFromJsonAsync<JsonNode>("v1/cache", cancellationToken))!;
        using var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(server["addresses"]![0]!.ToString()), cancellationToken);
        await client.GetStream().WriteAsync("FLUSHALL\r\n"u8.ToArray(), cancellationToken);
        using var reader = new StreamReader(client.GetStream());
        if (await reader.ReadLineAsync(cancellationToken) is not "+OK" and var refusal)
            throw new InvalidOperationException($"The cache was not emptied: {refusal}");
    }
}
