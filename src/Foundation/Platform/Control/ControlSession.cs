using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Groundwork.Platform.Folders;
using Groundwork.Platform.Hosting;
using Groundwork.Platform.Http;
using Groundwork.Platform.Settings;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;

namespace Groundwork.Platform.Control;

/// <summary>
/// A command's conversation with an instance: the one that runs on the data folder, or, when none does, one that is started
/// for the command, serves nothing but the control socket, and stops with it. So a command has one form, whether Groundwork
/// runs or not.
/// </summary>
/// <remarks>Not for concurrent use.</remarks>
public sealed class ControlSession : IAsyncDisposable
{
    // An instance that is starting or stopping holds the folder for a moment without listening.
    private static readonly TimeSpan HeldPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HeldPause = TimeSpan.FromMilliseconds(100);

    // A newer instance may say more than this program knows of.
    private static readonly JsonSerializerOptions Lenient = new(HttpJson.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };

    private readonly Instance? _own;
    private readonly HttpClient _client;

    private ControlSession(string folder, Instance? own) => (_client, _own) = (ControlClient.For(folder), own);

    /// <summary>Whether the instance was running before, and runs on afterwards.</summary>
    public bool WasRunning => _own is null;

    /// <summary>Opens it.</summary>
    /// <param name="modules">A fresh set of modules, for the case that none runs.</param>
    /// <param name="settings">The settings in force, without errors.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ControlException">An instance runs and doesn't answer.</exception>
    /// <exception cref="StartRefusedException">None runs, and none can be started.</exception>
    public static async Task<ControlSession> OpenAsync(IReadOnlyList<Module> modules, SettingValues settings, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(settings.Get(ProgramSettings.Data));
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await ControlClient.StatusAsync(folder, cancellationToken) is not null)
                return new ControlSession(folder, own: null);

            var instance = Instance.Build(modules, settings, new InstanceOptions { ControlOnly = true });
            try
            {
                await instance.StartAsync(cancellationToken);
                return new ControlSession(folder, instance);
            }
            catch (DataFolderHeldException) when (Stopwatch.GetElapsedTime(began) < HeldPatience)
            {
                await instance.DisposeAsync();
                await Task.Delay(HeldPause, cancellationToken);
            }
            catch
            {
                await instance.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Sends a request and reads the answer.</summary>
    /// <exception cref="ControlException">It was refused; the message is the problem's detail.</exception>
    public async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, path, body, cancellationToken);
        return await response.Content.ReadFromJsonAsync<T>(Lenient, cancellationToken)
            ?? throw new ControlException("The instance gave an empty answer.");
    }

    /// <summary>Sends a request whose answer has no body that matters.</summary>
    /// <exception cref="ControlException">It was refused; the message is the problem's detail.</exception>
    public async Task DoAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, path, body: null, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_own is not null)
            await _own.DisposeAsync();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(path.TrimStart('/'), UriKind.Relative));
        if (body is not null)
            request.Content = JsonContent.Create(body, body.GetType(), options: HttpJson.Options);
        try
        {
            var response = await _client.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
                throw new ControlException(await RefusalAsync(response, cancellationToken));
        }
        catch (HttpRequestException e)
        {
            throw new ControlException($"The instance went away before it answered: {e.Message}. Whether it was done is not known.", e);
        }
    }

    private static async Task<string> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            var title = problem.TryGetProperty("title", out var t) ? t.GetString() : null;
            var detail = problem.TryGetProperty("detail", out var d) ? d.GetString() : null;
            return (title, detail) switch
            {
                ({ } both, { Length: > 0 }) => $"{both}: {detail}",
                ({ } only, _) => $"{only}.",
                _ => detail ?? Plain(response.StatusCode),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException)
        {
            return Plain(response.StatusCode);
        }
    }

    private static string Plain(HttpStatusCode status) => status == HttpStatusCode.NotFound
        ? "The instance does not know this request: it is of another version, or runs without the module."
        : $"The instance answered with {(int)status}.";
}
