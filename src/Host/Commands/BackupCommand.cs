using System.CommandLine;
using Groundwork.Host.Help;
using Groundwork.Host.Output;
using Groundwork.Host.Settings;
using Groundwork.Platform.Control;
using Groundwork.Platform.Data.Backup;
using Groundwork.Ports.Settings;

namespace Groundwork.Host.Commands;

/// <summary><c>groundwork backup FOLDER</c>: copies the data as they stand, whether Groundwork runs or not.</summary>
internal static class BackupCommand
{
    public static Command Create(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var folder = new Argument<string>("FOLDER") { Description = "A new folder, best on another disk." };
        var json = CommonOptions.Json();
        var command = new Command("backup", "Copy all data into a new folder, while Groundwork runs or not.") { folder, json };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(settings, parsed, Path.GetFullPath(parsed.GetRequiredValue(folder)), parsed.GetValue(json), cancellationToken));
        return command.WithExamples("groundwork backup /backups/groundwork-$(date +%F)");
    }

    private static async Task<int> RunAsync(
        IReadOnlyList<KeyValuePair<string, string>> settings, ParseResult parsed, string folder, bool json, CancellationToken cancellationToken)
    {
        if (SettingsInForce.ReadOrReport(settings, parsed.InvocationConfiguration.Error) is not { } inForce)
            return ExitCode.Misused;

        await using var session = await ControlSession.OpenAsync(inForce.Modules, inForce.Values, cancellationToken);
        var manifest = await session.SendAsync<BackupManifest>(HttpMethod.Post, "/backup", new BackupRequest(folder), cancellationToken);
        var screen = Screen.Of(parsed);
        if (json)
            screen.WriteJson(new { Folder = folder, Manifest = manifest });
        else
            screen.Line($"Backed up {manifest.Files.Count} {(manifest.Files.Count == 1 ? "file" : "files")}, {SettingText.Size(manifest.Files.Sum(f => f.Size))}, into {folder}.");
        return ExitCode.Done;
    }
}
