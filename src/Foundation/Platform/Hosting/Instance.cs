using System.Diagnostics;
using Groundwork.Platform.Access;
using Groundwork.Platform.Data;
using Groundwork.Platform.Data.Backup;
using Groundwork.Platform.Folders;
using Groundwork.Platform.Http;
using Groundwork.Platform.Serving;
using Groundwork.Platform.Settings;
using Groundwork.Ports.Database;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Hosting;

/// <summary>
/// One running Groundwork: its modules, started in the order of their list and stopped in reverse.
/// </summary>
/// <remarks>
/// <para>Starting:</para>
/// <list type="number">
/// <item>the data folder is taken, so that no second instance touches it;</item>
/// <item>each module in order: its database is opened and migrated, then it starts;</item>
/// <item>the listeners open, last, so that nobody is served before everything runs;</item>
/// <item>what a restore left to be seen is noted as seen.</item>
/// </list>
/// <para>Stopping is the reverse: the instance says that it is not ready, requests under way are told and waited for, the
/// modules stop from the last to the first, the data folder is let go. A start that fails stops what it had started.
/// It takes <c>Http:StopTimeout</c> and <see cref="ModulesStopTimeout"/> at most: a module that hangs is left behind, as a
/// crash would leave it, which what was acknowledged survives.</para>
/// <para>Not for concurrent use, except <see cref="State"/> and <see cref="CheckHealthAsync"/>.</para>
/// </remarks>
public sealed class Instance : IInstanceStatus, IAsyncDisposable
{
    /// <summary>How long all modules together may take to stop.</summary>
    public static readonly TimeSpan ModulesStopTimeout = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan ModuleStopMinimum = TimeSpan.FromMilliseconds(200);

    private readonly WebApplication _app;
    private readonly Stack<Module> _started = new();
    private readonly string _folder;
    private DataFolder? _data;
    private volatile InstanceState _state = InstanceState.Built;

    private Instance(WebApplication app, IReadOnlyList<Module> modules, SettingValues settings, string folder)
    {
        (_app, Modules, Settings, _folder) = (app, modules, settings, folder);
    }

    /// <summary>The modules that run, in start order.</summary>
    public IReadOnlyList<Module> Modules { get; }

    /// <summary>The settings in force.</summary>
    public SettingValues Settings { get; }

    /// <summary>The modules' services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Where it is in its life.</summary>
    public InstanceState State => _state;

    /// <summary>Cancelled when a stop is asked for, by a signal or by <see cref="RequestStop"/>.</summary>
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    /// <summary>Where HTTP is really served; null before the start, and where only the control socket is.</summary>
    public Uri? Address { get; private set; }

    /// <summary>Where HTTP/2 alone is served, to clients that begin with it; null before the start, and where it isn't.</summary>
    public Uri? Http2Address { get; private set; }

    /// <summary>When it was ready to serve; null before.</summary>
    public DateTimeOffset? ReadyAt { get; private set; }

    /// <summary>Builds an instance: constructs and registers; nothing is opened yet.</summary>
    /// <param name="modules">All modules, in start order.</param>
    /// <param name="settings">The settings in force, without errors.</param>
    /// <param name="options">What the caller decides.</param>
    public static Instance Build(IReadOnlyList<Module> modules, SettingValues settings, InstanceOptions options)
    {
        var running = SettingsReader.Running(modules, settings);
        var folder = Path.GetFullPath(settings.Get(ProgramSettings.Data));

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "groundwork" });
        Instance? instance = null;
        builder.Services.AddSingleton(_ => instance!);
        builder.Services.AddSingleton<IInstanceStatus>(_ => instance!);
        ModuleRegistration.Register(builder.Services, running, settings, options.Time);
        options.Rig?.Invoke(builder.Services);

        HttpServer.Configure(builder, settings, DataFolder.SocketPath(folder), options.ControlOnly);
        var app = builder.Build();
        instance = new Instance(app, running, settings, folder);
        HttpPipeline.Map(app, running);
        return instance;
    }

    /// <summary>Starts everything; when it returns, the instance serves.</summary>
    /// <exception cref="StartRefusedException">For a reason that the operator can mend.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        _state = InstanceState.Starting;
        try
        {
            _data = DataFolder.Take(_folder);
            foreach (var module in Modules)
            {
                if (module.Schema is { } schema)
                    await Services.GetRequiredService<OpenDatabases>().OpenAsync(schema, cancellationToken);
                _started.Push(module);
                await module.StartAsync(Services, cancellationToken);
            }

            EndpointAccessCheck.Require(((IEndpointRouteBuilder)_app).DataSources);
            (Address, Http2Address) = await HttpServer.ListenAsync(_app, cancellationToken);
            await Services.GetRequiredService<RestoreMarker>().SeenByAsync(_folder, Modules, cancellationToken);
            ReadyAt = Services.GetRequiredService<TimeProvider>().GetUtcNow();
            _state = InstanceState.Ready;
        }
        catch (Exception e)
        {
            await StopAsync();
            if (e is DatabaseException database)
                throw new StartRefusedException(database.Message, database);
            throw;
        }
    }

    /// <summary>Asks for a stop; whoever waits on <see cref="Stopping"/> carries it out.</summary>
    public void RequestStop() => _app.Lifetime.StopApplication();

    /// <summary>Stops everything, losing nothing that was acknowledged. Once is enough; a second call does nothing.</summary>
    public async Task StopAsync()
    {
        if (_state is InstanceState.Stopping or InstanceState.Stopped)
            return;
        _state = InstanceState.Stopping;
        RequestStop();

        if (Address is not null || _data is not null)
        {
            using var deadline = new CancellationTokenSource(Settings.Get(HttpOptions.StopTimeout));
            await _app.StopAsync(deadline.Token);
        }

        await StopModulesAsync();
        _data?.Dispose();
        _state = InstanceState.Stopped;
    }

    /// <summary>Every module's health, each given a second.</summary>
    public async Task<IReadOnlyList<(Module Module, ModuleHealth Health)>> CheckHealthAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(Modules.Select(async module => (module, await CheckAsync(module, cancellationToken))));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
    }

    private async Task StopModulesAsync()
    {
        var logger = Services.GetRequiredService<ILogger<Instance>>();
        var began = Stopwatch.GetTimestamp();
        using var limit = new CancellationTokenSource(ModulesStopTimeout);
        while (_started.TryPop(out var module))
        {
            try
            {
                // Whatever those before it took, each gets a moment.
                var left = ModulesStopTimeout - Stopwatch.GetElapsedTime(began);
                await module.StopAsync(limit.Token).WaitAsync(left > ModuleStopMinimum ? left : ModuleStopMinimum, CancellationToken.None);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // One module's trouble must not keep those below it from being closed properly.
                InstanceLog.StopFailed(logger, module.Name, e);
            }
        }
    }

    private static async Task<ModuleHealth> CheckAsync(Module module, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(1));
        try
        {
            return await module.CheckHealthAsync(limit.Token).AsTask().WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ModuleHealth(HealthState.Unhealthy, "It did not answer within a second.");
        }
    }
}

internal static partial class InstanceLog
{
    [LoggerMessage(1, LogLevel.Error, "Module {Module} did not stop cleanly.")]
    public static partial void StopFailed(ILogger logger, string module, Exception exception);
}
