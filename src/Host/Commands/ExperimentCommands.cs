using System.CommandLine;
using Groundwork.Platform.Experiments.Drills;
using Groundwork.Platform.Experiments.Programs;
using Groundwork.Platform.Hosting;

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
        var experiment = new Option<string>(ProgramLauncher.ExperimentOption) { Required = true, Description = "For which it runs." };
        var sabotage = new Option<bool>(ProgramLauncher.SabotageOption) { Description = "Let its drill take the protection away." };
        var command = new Command(ProgramLauncher.ProgramCommand, "Run Groundwork. Started by `groundwork bench` and `groundwork drill` only.")
        {
            experiment, sabotage,
        };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) =>
        {
            ParentWatch.DieWithParent();
            var drill = ModuleCatalog.Create().SelectMany(m => m.Drills).SingleOrDefault(d => d.Name == parsed.GetValue(experiment));
            var options = new InstanceOptions { Rig = services => drill?.Rig(services, parsed.GetValue(sabotage)) };
            return UpCommand.RunAsync(settings, parsed, options, cancellationToken);
        });
        return command;
    }
}
