using System.CommandLine;
using System.Runtime.InteropServices;
using Groundwork.Host.Help;
using Groundwork.Host.Output;
using Groundwork.Platform;

namespace Groundwork.Host.Commands;

/// <summary><c>groundwork version</c>: what runs here, for reports.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var json = CommonOptions.Json();
        var command = new Command("version", "Show the version of Groundwork, of .NET and of the system.") { json };
        command.SetAction(parsed => Run(Screen.Of(parsed), parsed.GetValue(json)));
        return command.WithExamples("groundwork version");
    }

    private static int Run(Screen screen, bool json)
    {
        var facts = new VersionFacts(
            ProgramVersion.Number, ProgramVersion.Commit, RuntimeInformation.FrameworkDescription,
            RuntimeInformation.OSDescription, RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());
        if (json)
        {
            screen.WriteJson(facts);
            return ExitCode.Done;
        }

        screen.Line($"Groundwork {facts.Version}{(facts.Commit is null ? "" : $", commit {facts.Commit}")}");
        screen.Line($"{facts.Runtime} on {facts.System}, {facts.Architecture}");
        return ExitCode.Done;
    }

    private sealed record VersionFacts(string Version, string? Commit, string Runtime, string System, string Architecture);
}
