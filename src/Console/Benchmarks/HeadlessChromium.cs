using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Groundwork.Console.Benchmarks;

/// <summary>
/// The system's Chromium without a screen, with one tab that is told what to open (DevTools Protocol). Playwright, which the
/// tests drive it by, would come along with the program for one benchmark. Of one caller at a time.
/// </summary>
internal sealed class HeadlessChromium : IAsyncDisposable
{
    private const string Listening = "DevTools listening on ";
    private const int MaxMessage = 1 << 20;

    private static readonly string[] Paths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly Process _process;
    private readonly ClientWebSocket _tab = new();
    private readonly byte[] _message = new byte[MaxMessage];
    private int _asked;
    private bool _isGone;

    private HeadlessChromium(Process process) => _process = process;

    /// <summary>Where it is; null where it is not installed.</summary>
    public static string? Program => Paths.FirstOrDefault(File.Exists);

    /// <summary>Starts it.</summary>
    /// <param name="program">Where it is.</param>
    /// <param name="folder">What it keeps.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<HeadlessChromium> StartAsync(string program, string folder, CancellationToken cancellationToken)
    {
        // Without a sandbox, since whoever runs a benchmark may be root, who has none; it opens nothing but our own pages.
        var start = new ProcessStartInfo(program, ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0", $"--user-data-dir={folder}", "about:blank"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var browser = new HeadlessChromium(Process.Start(start)!);
        try
        {
            await browser.ConnectAsync(cancellationToken);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a page; returns when it has begun to come.</summary>
    public Task OpenAsync(Uri address, CancellationToken cancellationToken) =>
        AskAsync("Page.navigate", new JsonObject { ["url"] = address.AbsoluteUri }, cancellationToken);

    /// <summary>A number that a script of the page finds, now or later.</summary>
    public async Task<double> EvaluateAsync(string script, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(
            "Runtime.evaluate", new JsonObject { ["expression"] = script, ["awaitPromise"] = true, ["returnByValue"] = true }, cancellationToken);
        return answer["result"]?["value"]?.GetValue<double>() ?? throw new InvalidOperationException($"The page answered {answer.ToJsonString()}.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_isGone)
            return; // each of those who were given it lets go of it
        _isGone = true;
        _tab.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        string? line;
        do
            line = await _process.StandardError.ReadLineAsync(cancellationToken);
        while (line is not null && !line.StartsWith(Listening, StringComparison.Ordinal));
        var address = new Uri((line ?? throw new InvalidOperationException("Chromium ended before it was ready."))[Listening.Length..]);

        // What it goes on to say must not fill the pipe.
        _ = _process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        using var http = new HttpClient();
        var tabs = JsonNode.Parse(await http.GetStringAsync(new Uri($"http://{address.Authority}/json/list"), cancellationToken))!.AsArray();
        var tab = tabs.First(t => t!["type"]!.ToString() == "page")!;
        await _tab.ConnectAsync(new Uri(tab["webSocketDebuggerUrl"]!.ToString()), cancellationToken);
    }

    private async Task<JsonNode> AskAsync(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        var id = ++_asked;
        var request = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters });
        await _tab.SendAsync(request, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        while (true)
        {
            var message = await ReadAsync(cancellationToken);
            if (message["id"]?.GetValue<int>() == id)
                return message["result"] ?? throw new InvalidOperationException($"Chromium refuses {method}: {message.ToJsonString()}");
        }
    }

    private async Task<JsonNode> ReadAsync(CancellationToken cancellationToken)
    {
        var length = 0;
        while (true)
        {
            var part = await _tab.ReceiveAsync(_message.AsMemory(length), cancellationToken);
            length += part.Count;
            if (part.MessageType == WebSocketMessageType.Close || length == MaxMessage)
                throw new InvalidOperationException("Chromium has gone, or says more than is listened to.");
            if (part.EndOfMessage)
                return JsonNode.Parse(_message.AsSpan(0, length))!;
        }
    }
}
