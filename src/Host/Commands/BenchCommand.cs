using System.CommandLine;
using Groundwork.Host.Help;
using Groundwork.Host.Output;
using Groundwork.Platform.Experiments.Benchmarks;
using Groundwork.Platform.Experiments.Programs;

namespace Groundwork.Host.Commands;

/// <summary><c>groundwork bench [SYSTEM]</c>: measures this machine, beside the rivals that are installed.</summary>
internal static class BenchCommand
{
    private const int DefaultRounds = 5;

    public static Command Create(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var system = new Argument<string?>("SYSTEM") { Arity = ArgumentArity.ZeroOrOne, Description = "Those whose name begins so; all of them without it." };
        var rounds = new Option<int?>("--rounds") { Description = $"How many rounds of each contender count, 1 to 1000. {DefaultRounds} without it, 1 with --smoke." };
        rounds.Validators.Add(result => Experiments.CheckRange(result, 1, 1000));
        var smoke = new Option<bool>("--smoke") { Description = "Only check that they run: the figures mean nothing." };
        var list = new Option<bool>("--list") { Description = "List them, and measure nothing." };
        var json = CommonOptions.Json();
        var withParent = CommonOptions.WithParent();
        var command = new Command("bench", "Measure this machine, beside the rivals that are installed. TMPDIR chooses the disk.")
        {
            system, rounds, smoke, list, json, withParent,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(withParent))
                ParentWatch.DieWithParent();
            if (Experiments.TryPrepare(settings, parsed) is not { } setup
                || Experiments.TryChoose(
                    "benchmarks", setup.Benchmarks, b => b.Name, parsed.GetValue(system), parsed.InvocationConfiguration.Error) is not { } chosen)
            {
                return ExitCode.Misused;
            }

            var screen = Screen.Of(parsed);
            if (parsed.GetValue(list))
                return Experiments.List(screen, [.. chosen.Select(b => new ListedExperiment(b.Name, b.Work))], parsed.GetValue(json));

            var isSmoke = parsed.GetValue(smoke);
            var report = await Experiments.WithProgressAsync(parsed, parsed.GetValue(withParent), progress =>
                new BenchmarkFrame(setup, ProgramLauncher.OfThisProgram(settings), new ProcessorClock(), progress).RunAsync(
                    chosen, parsed.GetValue(rounds) ?? (isSmoke ? 1 : DefaultRounds), isSmoke, cancellationToken));
            if (parsed.GetValue(json))
                screen.WriteJson(report);
            else
                BenchmarkTables.Write(screen, report);
            return report.Succeeded ? ExitCode.Done : ExitCode.Failed;
        });
        return command.WithExamples("groundwork bench database", "TMPDIR=/mnt/disk groundwork bench --json > measured.json");
    }
}
