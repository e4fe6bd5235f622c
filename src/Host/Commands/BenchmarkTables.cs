using System.Globalization;
using Groundwork.Host.Output;
using Groundwork.Platform.Experiments.Benchmarks;
using Groundwork.Ports.Experiments;
using Spectre.Console;

namespace Groundwork.Host.Commands;

/// <summary>A benchmark report for people: a table for each benchmark, then where it was measured and how to read it.</summary>
internal static class BenchmarkTables
{
    private const int Mebibyte = 1 << 20;

    public static void Write(Screen screen, BenchmarkReport report)
    {
        foreach (var benchmark in report.Benchmarks)
            Write(screen, benchmark);

        var machine = report.Machine;
        screen.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"Measured {report.Date:yyyy-MM-dd} on {machine.Processor}, {machine.Cores} cores, {machine.MemoryBytes / (double)(1L << 30):0.#} GiB, "
            + $"{machine.OperatingSystem}, {machine.Runtime}, {machine.FileSystem}."));
        screen.Line("Figures are the median of the rounds (least to most). Ratios are ours over the contender's, round by round: above 1 our");
        screen.Line("speed is higher, below 1 our CPU time is less. CPU is user and system time of this process, which drives the load too,");
        screen.Line("so that contenders inside it share its account; where + stands, of the contender's server as well; where * stands, of that alone.");
        if (report.Smoke)
            screen.Line("This was only a check that everything runs: the figures mean nothing.");
    }

    private static void Write(Screen screen, BenchmarkResult benchmark)
    {
        screen.Marked($"[bold]{benchmark.Name}[/]");
        screen.Line(benchmark.Work);
        if (benchmark.Error is { } error)
            screen.Marked($"[red]failed:[/] {error}");
        if (benchmark.Contenders.Count > 0)
            screen.Table(["contender", $"{benchmark.Unit}/s", "CPU µs each", "our speed ÷", "our CPU ÷"], benchmark.Contenders.Select(Row));
        foreach (var contender in benchmark.Contenders.Where(c => c.Figures is not null))
            screen.Line($"{contender.Name}: {string.Join(", ", contender.Figures!.Select(f => $"{f.Name} {Show(f)}"))}");
        foreach (var missing in benchmark.Missing)
            screen.Marked($"[yellow]not here:[/] {missing.Name}: {missing.Reason}");
        screen.Line();
    }

    private static string[] Row(ContenderResult contender) =>
    [
        Markup.Escape(contender.Name),
        Show(contender.OperationsPerSecond),
        Show(contender.ProcessorMicrosecondsPerOperation) + contender.Accounting switch
        {
            ProcessorAccounting.ThisProcessAndServer => " +",
            ProcessorAccounting.Server => " *",
            _ => "",
        },
        Show(contender.SpeedRatio),
        Show(contender.ProcessorRatio),
    ];

    private static string Show(FigureResult figure) => figure switch
    {
        { Unit: FigureUnit.Milliseconds } => Show(figure.Value) + " ms",
        { Unit: FigureUnit.Share } => Show(Scale(figure.Value, 100)) + " %",
        { Unit: FigureUnit.Bytes, Value.Median: >= Mebibyte } => Show(Scale(figure.Value, 1.0 / Mebibyte)) + " MiB",
        { Unit: FigureUnit.Bytes } => Show(figure.Value) + " B",
        _ => Show(figure.Value),
    };

    private static Spread Scale(Spread spread, double by) => new(spread.Median * by, spread.Min * by, spread.Max * by);

    private static string Show(Spread? spread) =>
        spread is null ? "" : $"{Show(spread.Median)} ({Show(spread.Min)} to {Show(spread.Max)})";

    // Three figures are more than a noisy machine can tell apart.
    private static string Show(double value) => value switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 0.1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };
}
