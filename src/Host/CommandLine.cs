using System.CommandLine;
using System.CommandLine.Invocation;
using Groundwork.Host.Commands;
using Groundwork.Host.Help;
using Groundwork.Platform.Control;
using Groundwork.Platform.Data.Backup;
using Groundwork.Platform.Settings;
using Groundwork.Ports.Modules;

namespace Groundwork.Host;

/// <summary>One run of the program: from its arguments to its exit code.</summary>
internal static class CommandLine
{
    private const string DebugSetting = "Telemetry:LogLevel";

    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">As the shell gave them.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where problems go.</param>
    /// <param name="stop">Cancelled when the user asks for a stop.</param>
    /// <returns>See <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var (settings, words) = SettingArguments.Split(arguments);
        var parsed = CommandTree.Create(settings).Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
            return UsageErrors.Report(parsed, error);

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            error.WriteLine("Stopped before it was done.");
            return ExitCode.Failed;
        }
        catch (Exception e) when (e is StartRefusedException or ControlException or BackupException or NotSupportedException)
        {
            error.WriteLine(e.Message);
            return ExitCode.Failed;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            error.WriteLine(
                $"Groundwork failed in a way that it should not: {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")} "
                + $"Please report it (CONTRIBUTING.md says where), with what --{DebugSetting}=debug adds.");
            if (IsDebug(settings))
                error.WriteLine(e);
            return ExitCode.Failed;
        }
    }

    private static bool IsDebug(IReadOnlyList<KeyValuePair<string, string>> settings) =>
        SettingsSources.Read(settings, Environment.GetEnvironmentVariables()).Written.LastOrDefault(
            w => string.Equals(w.Name, DebugSetting, StringComparison.OrdinalIgnoreCase))?.Text is { } level
        && (string.Equals(level, "debug", StringComparison.OrdinalIgnoreCase) || string.Equals(level, "trace", StringComparison.OrdinalIgnoreCase));
}
