using System.CommandLine;
using Groundwork.Platform.Experiments.Drills;
using Groundwork.Platform.Experiments.Programs;

namespace Groundwork.Host.Commands;

/// <summary>The hidden commands that experiments start: to have something to measure, or to kill. They end with their parent.</summary>
internal static class ExperimentCommands
{
    public static Command Worker(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var command = new Command(WorkerOrder.Command, "Do a part of an experiment. Started by `groundwork bench` and `groundwork drill` only.")
        {
            Hidden = true,
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(async (parsed, cancellationToken) => Experiments.TryPrepare(settings, parsed) is { } setup
            ? await WorkerFrame.RunAsync(setup, parsed.UnmatchedTokens, cancellationToken)
            : ExitCode.Misused);
        return command;
    }

    public static Command Program(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var command = new Command(ProgramLauncher.ProgramCommand, "Run Groundwork. Started by `groundwork bench` and `groundwork drill` only.") { Hidden = true };
        command.SetAction((parsed, cancellationToken) =>
        {
            ParentWatch.DieWithParent();
            return UpCommand.RunAsync(settings, parsed, cancellationToken);
        });
        return command;
    }
}
