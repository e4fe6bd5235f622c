using System.CommandLine;
using Groundwork.Host.Settings;
using Groundwork.Platform.Control;

namespace Groundwork.Host.Commands;

/// <summary>Commands that talk to the instance on the data folder, or to one that is started for them.</summary>
internal static class InstanceCommands
{
    /// <summary>What such a command does, and how it ended.</summary>
    public delegate Task<int> Work(ControlSession session, ParseResult parsed, CancellationToken cancellationToken);

    /// <summary>Gives a command its work.</summary>
    public static Command Runs(this Command command, IReadOnlyList<KeyValuePair<string, string>> settings, Work work)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (SettingsInForce.ReadOrReport(settings, parsed.InvocationConfiguration.Error) is not { } inForce)
                return ExitCode.Misused;
            await using var session = await ControlSession.OpenAsync(inForce.Modules, inForce.Values, cancellationToken);
            return await work(session, parsed, cancellationToken);
        });
        return command;
    }

    /// <summary>All pages of a listing.</summary>
    public static async Task<IReadOnlyList<T>> ListAsync<T>(this ControlSession session, string path, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        for (string? cursor = null; ;)
        {
            var page = await session.SendAsync<Listed<T>>(
                HttpMethod.Get, cursor is null ? $"{path}?limit=1000" : $"{path}?limit=1000&cursor={Uri.EscapeDataString(cursor)}", body: null, cancellationToken);
            all.AddRange(page.Items);
            if ((cursor = page.NextCursor) is null)
                return all;
        }
    }

    /// <summary>What cannot be undone is shown first, and done with this.</summary>
    public static Option<bool> Yes() => new("--yes") { Description = "Do it. Without this it is only shown what would be done." };

    /// <summary>Says that nothing was done.</summary>
    public static int OnlyShown(ParseResult parsed)
    {
        parsed.InvocationConfiguration.Error.WriteLine("Nothing was done yet: the same with --yes does it.");
        return ExitCode.Done;
    }

    private sealed record Listed<T>(IReadOnlyList<T> Items, string? NextCursor);
}
