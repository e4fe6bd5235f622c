using System.CommandLine;
using Groundwork.Host.Help;
using Groundwork.Host.Output;
using Groundwork.Host.Settings;
using Groundwork.Platform.Data;
using Groundwork.Platform.Data.Backup;
using Groundwork.Platform.Settings;

namespace Groundwork.Host.Commands;

/// <summary><c>groundwork restore FOLDER</c>: puts a backup into a data folder on which nothing runs.</summary>
internal static class RestoreCommand
{
    public static Command Create(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var folder = new Argument<string>("FOLDER") { Description = "The backup." };
        var replace = new Option<bool>("--replace") { Description = "Move data that are there aside, into a folder beside; nothing is deleted." };
        var check = new Option<bool>("--check") { Description = "Only check that the backup is whole; change nothing." };
        var command = new Command("restore", "Check a backup and put it into the data folder, while Groundwork does not run.") { folder, replace, check };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            settings, parsed, Path.GetFullPath(parsed.GetRequiredValue(folder)), parsed.GetValue(replace), parsed.GetValue(check), cancellationToken));
        return command.WithExamples("groundwork restore /backups/groundwork-2026-01-31 --Data=./new-data", "groundwork restore /backups/latest --check");
    }

    private static async Task<int> RunAsync(
        IReadOnlyList<KeyValuePair<string, string>> settings, ParseResult parsed, string folder, bool replace, bool check, CancellationToken cancellationToken)
    {
        if (SettingsInForce.ReadOrReport(settings, parsed.InvocationConfiguration.Error) is not { } inForce)
            return ExitCode.Misused;

        var screen = Screen.Of(parsed);
        var engine = inForce.Modules.OfType<DatabaseModule>().Single().EngineOf(inForce.Values);
        var restorer = new BackupRestorer(engine, TimeProvider.System);
        if (check)
        {
            var whole = await restorer.VerifyAsync(folder, cancellationToken);
            screen.Line($"The backup of {whole.CreatedAt:u} is whole.");
            return ExitCode.Done;
        }

        var data = Path.GetFullPath(inForce.Values.Get(ProgramSettings.Data));
        var (manifest, movedTo) = await restorer.RestoreAsync(folder, data, replace, cancellationToken);
        screen.Line($"Restored the backup of {manifest.CreatedAt:u} into {data}.");
        if (movedTo is not null)
            screen.Line($"The data that were there are in {movedTo}; delete them when you no longer want them.");
        return ExitCode.Done;
    }
}
