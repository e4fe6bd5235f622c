using System.CommandLine;
using Groundwork.Platform.Experiments.Drills;

namespace Groundwork.Host.Commands;

/// <summary>The hidden command that a drill starts to have something to kill.</summary>
internal static class DrillWorkerCommand
{
    public static Command Create(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var command = new Command(WorkerOrder.Command, "Do a drill's work until killed. Started by `groundwork drill` only.")
        {
            Hidden = true,
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(async (parsed, cancellationToken) => Experiments.TryPrepare(settings, parsed) is { } setup
            ? await WorkerFrame.RunAsync(setup, parsed.UnmatchedTokens, cancellationToken)
            : ExitCode.Misused);
        return command;
    }
}
