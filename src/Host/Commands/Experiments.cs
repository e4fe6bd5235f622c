using System.CommandLine;
using System.CommandLine.Parsing;
using Groundwork.Host.Output;
using Groundwork.Host.Settings;
using Groundwork.Platform.Experiments;
using Groundwork.Primitives;
using Spectre.Console;

namespace Groundwork.Host.Commands;

/// <summary>What <c>bench</c> and <c>drill</c> share.</summary>
internal static class Experiments
{
    /// <summary>Reads the settings; null, after saying what is wrong with them, when they cannot be used.</summary>
    public static ExperimentSetup? TryPrepare(IReadOnlyList<KeyValuePair<string, string>> settings, ParseResult parsed) =>
        SettingsInForce.ReadOrReport(settings, parsed.InvocationConfiguration.Error) is { } inForce
            ? new ExperimentSetup(ModuleCatalog.Create, inForce.Values, TimeProvider.System)
            : null;

    /// <summary>Those whose name begins with a prefix, all without one; null, after saying so, when there are none.</summary>
    /// <param name="kind">What they are, in the plural.</param>
    /// <param name="all">To choose from.</param>
    /// <param name="name">An experiment's name.</param>
    /// <param name="prefix">As typed, in whatever case; null for all.</param>
    /// <param name="error">Where problems go.</param>
    public static IReadOnlyList<T>? TryChoose<T>(string kind, IReadOnlyList<T> all, Func<T, string> name, string? prefix, TextWriter error)
    {
        if (prefix is null)
            return all;
        var chosen = all.Where(e => name(e).StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToList();
        if (chosen.Count > 0)
            return chosen;

        var wayOut = EditDistance.Nearest(prefix, all.SelectMany(e => Prefixes(name(e)))) is { } nearest ? $"Did you mean {nearest}?" : "--list shows them all.";
        error.WriteLine($"No {kind} begin with '{prefix}'. {wayOut}");
        return null;
    }

    /// <summary>Refuses a number outside its range.</summary>
    public static void CheckRange(OptionResult result, int min, int max)
    {
        if (result.GetValueOrDefault<int?>() is { } value && (value < min || value > max))
            result.AddError($"{result.Option.Name} is a whole number from {min} to {max}, not {value}.");
    }

    /// <summary>Lists experiments, a name and a sentence each.</summary>
    public static int List(Screen screen, IReadOnlyList<ListedExperiment> experiments, bool json)
    {
        if (json)
            screen.WriteJson(experiments);
        else
            screen.Table(["name", "what"], experiments.Select(e => new[] { Markup.Escape(e.Name), Markup.Escape(e.Summary) }));
        return ExitCode.Done;
    }

    /// <summary>
    /// Runs work that reports its progress: line by line where a running instance started it, as a bar where the error stream is a
    /// terminal, elsewhere not at all.
    /// </summary>
    public static async Task<T> WithProgressAsync<T>(ParseResult parsed, bool inLines, Func<IExperimentProgress, Task<T>> work)
    {
        if (inLines)
            return await work(new Lines(parsed.InvocationConfiguration.Error));
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(parsed.InvocationConfiguration.Error) });
        if (!console.Profile.Out.IsTerminal || !console.Profile.Capabilities.Interactive)
            return await work(new Silent());
        return await console.Progress()
            .AutoClear(true)
            .Columns(new SpinnerColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new TaskDescriptionColumn())
            .StartAsync(context => work(new Bar(context.AddTask(""))));
    }

    // a.b.c has a, a.b and a.b.c.
    private static IEnumerable<string> Prefixes(string name) =>
        Enumerable.Range(1, name.Length).Where(end => end == name.Length || name[end] == '.').Select(end => name[..end]);

    private sealed class Silent : IExperimentProgress
    {
        public void Report(string experiment, int done, int total, string what)
        {
        }
    }

    private sealed class Lines(TextWriter error) : IExperimentProgress
    {
        public void Report(string experiment, int done, int total, string what)
        {
            error.WriteLine($"{experiment}: {what} ({done} of {total})");
            error.Flush();
        }
    }

    private sealed class Bar(ProgressTask task) : IExperimentProgress
    {
        public void Report(string experiment, int done, int total, string what) =>
            task.MaxValue(total).Value(done).Description(Markup.Escape($"{experiment}: {what}"));
    }
}

/// <summary>An experiment as it is listed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">What it does, or claims.</param>
internal sealed record ListedExperiment(string Name, string Summary);
