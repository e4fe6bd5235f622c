using System.CommandLine;
using System.Diagnostics;
using Groundwork.Host.Help;
using Groundwork.Host.Output;
using Groundwork.Host.Settings;
using Groundwork.Platform;
using Groundwork.Platform.Access;
using Groundwork.Platform.Hosting;
using Groundwork.Ports.Files;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Host.Commands;

/// <summary><c>groundwork [up]</c>: runs until it is told to stop.</summary>
internal static class UpCommand
{
    public static Command Create(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var command = new Command("up", "Run Groundwork until Ctrl-C. This is what `groundwork` does by itself.");
        command.SetAction((parsed, cancellationToken) => RunAsync(settings, parsed, new InstanceOptions(), cancellationToken));
        return command.WithExamples("groundwork", "groundwork up --Http:Listen=127.0.0.1:8081 --Data=./other-data");
    }

    public static async Task<int> RunAsync(
        IReadOnlyList<KeyValuePair<string, string>> settings, ParseResult parsed, InstanceOptions options, CancellationToken cancellationToken)
    {
        if (SettingsInForce.ReadOrReport(settings, parsed.InvocationConfiguration.Error) is not { } inForce)
            return ExitCode.Misused;

        var screen = Screen.Of(parsed);
        await using var instance = Instance.Build(inForce.Modules, inForce.Values, options);
        try
        {
            await instance.StartAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            screen.Line("Stopped.");
            return ExitCode.Done;
        }

        Introduce(screen, instance, inForce);
        await using var signal = cancellationToken.UnsafeRegister(state => ((Instance)state!).RequestStop(), instance);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stopping = instance.Stopping.UnsafeRegister(state => ((TaskCompletionSource)state!).TrySetResult(), asked);
        await asked.Task;

        screen.Line("Stopping. Ctrl-C again ends at once.");
        await instance.StopAsync();
        screen.Line("Stopped.");
        return ExitCode.Done;
    }

    private static void Introduce(Screen screen, Instance instance, SettingsInForce inForce)
    {
        var paths = instance.Services.GetRequiredService<InstancePaths>();
        var engine = instance.Services.GetRequiredService<Ports.Database.IDatabaseServer>().Engine;
        screen.Marked($"[bold]Groundwork {ProgramVersion.Number}[/]");
        screen.Line();
        screen.Marked($"  HTTP     [bold]{instance.Address}[/]");
        if (instance.Http2Address is { } http2)
            screen.Marked($"  HTTP/2   {http2}");
        screen.Marked($"  Data     {paths.Data} ({engine})");
        screen.Marked($"  Modules  {string.Join(", ", instance.Modules.Where(m => !m.IsFoundation).Select(m => m.Name))}");
        foreach (var unused in inForce.Unused)
            screen.Marked($"  [yellow]Unused[/]   {unused.Name} (from {unused.Origin}): its module is not there yet");

        var needsKey = instance.Address is { IsLoopback: false } || instance.Services.GetRequiredService<SettingValues>().Get(AccessOptions.Require) == CredentialsRequired.Always;
        foreach (var page in instance.Modules.Select(m => m.Page).OfType<ModulePage>())
        {
            screen.Line();
            screen.Marked($"[bold]{page.Title}[/]");
            foreach (var example in page.ExamplesAt(instance.Address, needsKey, instance.Modules))
            {
                screen.Marked($"  [dim]# {example.Purpose}[/]");
                screen.Line($"  {example.CommandLine}");
            }
        }

        using var self = Process.GetCurrentProcess();
        var took = DateTime.Now - self.StartTime;
        screen.Line();
        screen.Marked($"[green]Ready[/] in {took.TotalMilliseconds:0} ms. Ctrl-C stops it.");
    }
}
