using Groundwork.Host.Settings;
using Groundwork.Platform.Control;
using Groundwork.Platform.Settings;
using Groundwork.Ports.Modules;

namespace Groundwork.Host.Doctor;

/// <summary>Everything that the doctor looks at, in the order in which it makes sense to mend it.</summary>
internal static class Examination
{
    /// <summary>Looks at everything. Works whether an instance runs or not, and disturbs none.</summary>
    public static async Task<IReadOnlyList<Finding>> RunAsync(
        IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var (modules, read) = SettingsInForce.Read(settings);
        findings.AddRange(Settings(read));

        var folder = Path.GetFullPath(read.Values.Get(ProgramSettings.Data));
        var (status, instance) = await InstanceAsync(folder, cancellationToken);
        findings.Add(instance);
        findings.AddRange(status?.Modules.Select(Module) ?? []);
        findings.AddRange(PortCheck.Run(read.Values, status));
        findings.AddRange(DataFolderCheck.Run(folder));
        if (status is null && await DatabaseCheck.RunAsync(modules, read, cancellationToken) is { } database)
            findings.Add(database);
        findings.AddRange(await MachineChecks.RunAsync(cancellationToken));
        return findings;
    }

    private static IEnumerable<Finding> Settings(SettingsResult read)
    {
        foreach (var error in read.Errors)
            yield return Finding.Fail("settings", $"{error.Name} {error.Problem}.", error.WayOut);
        foreach (var unused in read.Unused)
            yield return Finding.Warn("settings", $"{unused.Name} (from {unused.Origin}) is of a module that is not there yet.", "Leave it out, or leave it for a later version.");
        if (read.Errors.Count == 0)
            yield return Finding.Ok("settings", $"{read.Values.All.Count} settings, {read.Values.All.Count(v => v.IsSet)} of them set, all in range.");
    }

    private static async Task<(ControlStatus? Status, Finding Finding)> InstanceAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            var status = await ControlClient.StatusAsync(folder, cancellationToken);
            return (status, status is null
                ? Finding.Ok("instance", "None runs on the data folder.")
                : Finding.Ok("instance", $"Version {status.Version} runs as process {status.Pid}, {status.State.ToString().ToLowerInvariant()} for {status.Uptime:0} s, on {status.Engine}."));
        }
        catch (ControlException e)
        {
            return (null, Finding.Fail("instance", e.Message, ""));
        }
    }

    private static Finding Module(ModuleStatus module) => module.State switch
    {
        HealthState.Healthy => Finding.Ok($"module {module.Name}", "Healthy."),
        HealthState.Degraded => Finding.Warn($"module {module.Name}", "Degraded.", module.Detail),
        _ => Finding.Fail($"module {module.Name}", "Unhealthy.", module.Detail),
    };
}
