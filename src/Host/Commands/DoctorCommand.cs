using System.CommandLine;
using Groundwork.Host.Doctor;
using Groundwork.Host.Help;
using Groundwork.Host.Output;
using Spectre.Console;

namespace Groundwork.Host.Commands;

/// <summary><c>groundwork doctor</c>: looks at everything that keeps Groundwork from running well, and says what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var json = CommonOptions.Json();
        var command = new Command("doctor", "Check settings, ports, disk, clock and connections; say what to do.") { json };
        command.SetAction(async (parsed, cancellationToken) =>
            Report(Screen.Of(parsed), await Examination.RunAsync(settings, cancellationToken), parsed.GetValue(json)));
        return command.WithExamples("groundwork doctor", "groundwork doctor --json --Data=/var/lib/groundwork");
    }

    private static int Report(Screen screen, IReadOnlyList<Finding> findings, bool json)
    {
        var failures = findings.Count(f => f.Verdict == Verdict.Fail);
        var warnings = findings.Count(f => f.Verdict == Verdict.Warn);
        if (json)
            screen.WriteJson(new { Healthy = failures == 0, Findings = findings });
        else
            Write(screen, findings, failures, warnings);
        return failures == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Write(Screen screen, IReadOnlyList<Finding> findings, int failures, int warnings)
    {
        var width = findings.Max(f => f.Check.Length);
        foreach (var finding in findings)
        {
            var color = finding.Verdict switch { Verdict.Ok => Color.Green, Verdict.Warn => Color.Yellow, _ => Color.Red };
            var verdict = finding.Verdict.ToString().ToLowerInvariant().PadRight(4);
            screen.Marked($"[{color.ToMarkup()}]{verdict}[/]  {finding.Check.PadRight(width)}  {finding.Seen}");
            if (finding.WayOut.Length > 0)
                screen.Line($"      {"".PadRight(width)}  -> {finding.WayOut}");
        }

        screen.Line();
        screen.Line((failures, warnings) switch
        {
            (0, 0) => "All is well.",
            (0, _) => $"It works; {warnings} {(warnings == 1 ? "thing" : "things")} to look at.",
            _ => $"{failures} {(failures == 1 ? "thing keeps" : "things keep")} Groundwork from working; {warnings} more to look at.",
        });
    }
}
