using System.CommandLine;
using Groundwork.Host.Help;
using Groundwork.Platform.Hosting;

namespace Groundwork.Host.Commands;

/// <summary>The command line: one command a file, and what they share.</summary>
internal static class CommandTree
{
    /// <param name="settings">The settings that stood on the command line.</param>
    public static RootCommand Create(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var root = new RootCommand("Groundwork: the back end that every product ends up building, in one program.")
        {
            UpCommand.Create(settings),
            DoctorCommand.Create(settings),
            SettingsCommand.Create(settings),
            KeysCommand.Create(settings),
            TopicsCommand.Create(settings),
            GroupsCommand.Create(settings),
            ProduceCommand.Create(settings),
            ConsumeCommand.Create(settings),
            BackupCommand.Create(settings),
            RestoreCommand.Create(settings),
            VersionCommand.Create(),
            BenchCommand.Create(settings),
            DrillCommand.Create(settings),
            ExperimentCommands.Worker(settings),
            ExperimentCommands.Program(settings),
        };
        root.SetAction((parsed, cancellationToken) => UpCommand.RunAsync(settings, parsed, new InstanceOptions(), cancellationToken));
        TeachingHelp.Install(root);
        return root;
    }
}
