using Groundwork.Platform.Data;
using Groundwork.Platform.Hosting;
using Groundwork.Platform.Http;
using Groundwork.Platform.Serving;
using Groundwork.Platform.Settings;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Groundwork.Postgres;
using Groundwork.Sqlite;

namespace Groundwork.Testing.Instances;

/// <summary>
/// A real instance in this process: a folder of its own, a spare port, the embedded database or the one that the settings
/// name, and an HTTP client that follows no redirects.
/// </summary>
public sealed class RunningInstance : IAsyncDisposable
{
    private RunningInstance(Instance instance)
    {
        Instance = instance;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = instance.Address };
    }

    /// <summary>The instance.</summary>
    public Instance Instance { get; }

    /// <summary>Talks to it.</summary>
    public HttpClient Client { get; }

    /// <summary>Starts the given modules on top of HTTP and the database.</summary>
    /// <param name="folder">The data folder; the caller removes it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="modules">What is tested.</param>
    /// <param name="settings">Beyond the folder and the spare port. HTTP/2 alone is served where they say so.</param>
    public static async Task<RunningInstance> StartAsync(
        string folder, TimeProvider time, IReadOnlyList<Module> modules, params (Setting Setting, string Text)[] settings)
    {
        Module[] all = [new HttpModule(), new DatabaseModule(new SqliteEngine(), new RealTimeEngine(new PostgresEngine())), .. modules];
        (Setting, string)[] http2 = settings.Any(s => s.Setting == HttpOptions.ListenHttp2) ? [] : [(HttpOptions.ListenHttp2, "none")];
        var values = SettingValues.Of([(ProgramSettings.Data, folder), (HttpOptions.Listen, "127.0.0.1:0"), .. http2, .. settings]);
        var instance = Instance.Build(all, values, new InstanceOptions { Time = time });
        try
        {
            await instance.StartAsync();
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }

        return new RunningInstance(instance);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Instance.DisposeAsync();
    }
}
