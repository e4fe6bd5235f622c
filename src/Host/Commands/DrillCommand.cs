using System.CommandLine;
using System.Globalization;
using Groundwork.Host.Help;
using Groundwork.Host.Output;
using Groundwork.Platform.Experiments.Drills;
using Groundwork.Platform.Experiments.Programs;

namespace Groundwork.Host.Commands;

/// <summary><c>groundwork drill [NAME]</c>: injects a failure that the design claims to survive, and checks the claim.</summary>
internal static class DrillCommand
{
    private const int SmokeRounds = 2;

    public static Command Create(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var name = new Argument<string?>("NAME") { Arity = ArgumentArity.ZeroOrOne, Description = "Those whose name begins so; all of them without it." };
        var rounds = new Option<int?>("--rounds") { Description = $"How often to inject the failure, 1 to 100000. Each drill has its own default; {SmokeRounds} with --smoke." };
        rounds.Validators.Add(result => Experiments.CheckRange(result, 1, 100_000));
        var seed = new Option<int?>("--seed") { Description = "Repeats the random choices of another run, which printed it." };
        var sabotage = new Option<bool>("--sabotage") { Description = "Take the protection away, to see that the drill fails then." };
        var smoke = new Option<bool>("--smoke") { Description = "Only check that they run." };
        var list = new Option<bool>("--list") { Description = "List them, and do nothing." };
        var json = CommonOptions.Json();
        var withParent = CommonOptions.WithParent();
        var command = new Command("drill", "Inject a failure that the design claims to survive, and check the claim.")
        {
            name, rounds, seed, sabotage, smoke, list, json, withParent,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(withParent))
                ParentWatch.DieWithParent();
            if (Experiments.TryPrepare(settings, parsed) is not { } setup
                || Experiments.TryChoose(
                    "drills", setup.Drills, d => d.Name, parsed.GetValue(name), parsed.InvocationConfiguration.Error) is not { } chosen)
            {
                return ExitCode.Misused;
            }

            var screen = Screen.Of(parsed);
            if (parsed.GetValue(list))
                return Experiments.List(screen, [.. chosen.Select(d => new ListedExperiment(d.Name, d.Claim))], parsed.GetValue(json));

            var report = await Experiments.WithProgressAsync(parsed, parsed.GetValue(withParent), progress =>
                new DrillFrame(setup, ProgramLauncher.OfThisProgram(settings), progress).RunAsync(
                    chosen,
                    parsed.GetValue(rounds) ?? (parsed.GetValue(smoke) ? SmokeRounds : null),
                    parsed.GetValue(seed) ?? Random.Shared.Next(),
                    parsed.GetValue(sabotage),
                    cancellationToken));
            if (parsed.GetValue(json))
                screen.WriteJson(report);
            else
                Write(screen, report);
            return report.Held ? ExitCode.Done : ExitCode.Failed;
        });
        return command.WithExamples("groundwork drill database.crash", "groundwork drill database.crash --rounds 5 --sabotage");
    }

    private static void Write(Screen screen, DrillReport report)
    {
        foreach (var drill in report.Drills)
        {
            var figures = string.Create(CultureInfo.InvariantCulture, $"{drill.Rounds} rounds, seed {drill.Seed}, {drill.Seconds:0.0} s");
            screen.Marked($"[bold]{drill.Name}[/] ({figures})");
            Line("Claimed", drill.Claim);
            Line("Sabotaged", drill.Sabotage);
            Line("Done", drill.Done);
            Line("Seen", drill.Seen);
            Line("Failed", drill.Error);
            Line("Missing", drill.Missing);
            if (drill.Missing is not null)
                screen.Marked($"  [yellow]Not here[/]   {drill.Verdict}");
            else if (drill.Held)
                screen.Marked($"  [green]Held[/]       {drill.Verdict}");
            else
                screen.Marked($"  [red]Not held[/]   {drill.Verdict}");
            Line("Kept", drill.Folder);
            screen.Line();
        }

        void Line(string label, string? text)
        {
            if (!string.IsNullOrEmpty(text))
                screen.Line($"  {label,-9}  {text}");
        }
    }
}
