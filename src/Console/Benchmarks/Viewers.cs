using System.Diagnostics;
using Groundwork.Platform.Experiments.Benchmarks;
using Groundwork.Ports.Experiments;

namespace Groundwork.Console.Benchmarks;

/// <summary>What it costs that somebody may look, and that some do: the program's processor time while nothing else is asked of it.</summary>
internal sealed class Viewers : Benchmark
{
    private const string House = "_/live?r=instance&r=house";

    private readonly ProcessorClock _processor = new();

    public override string Name => "console.viewers";

    public override string Work => "Ten seconds in which nobody, one or ten look at the house as it runs; nothing else goes on.";

    public override string Unit => "seconds";

    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        // A program for each: for a while after somebody looked, one measures itself as if they still did.
        var contenders = new List<Contender>();
        foreach (var (name, viewers) in new[] { ("nobody looks", 0), ("one looks", 1), ("ten look", 10) })
            contenders.Add(Looked(name, viewers, await ConsoleBenchmarks.StartAsync(context, $"looked-at-by-{viewers}", cancellationToken), context.Smoke));
        return contenders;
    }

    private Contender Looked(string name, int viewers, IExperimentProgram program, bool smoke)
    {
        var http = new HttpClient { BaseAddress = program.Address };
        var share = 0.0;
        return new Contender(name, LookAsync, EndAsync, program.ProcessId)
        {
            OnlyServerCounts = true,
            FiguresAsync = _ => new([new Figure("of a core", share, FigureUnit.Share)]),
        };

        async Task<long> LookAsync(CancellationToken token)
        {
            var time = TimeSpan.FromSeconds(smoke ? 1 : 10);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(token);
            var looking = Enumerable.Range(0, viewers).Select(_ => StreamAsync(http, end.Token)).ToArray();
            var (began, spent) = (Stopwatch.GetTimestamp(), _processor.Of(program.ProcessId));
            await Task.Delay(time, token);
            share = (_processor.Of(program.ProcessId) - spent) / Stopwatch.GetElapsedTime(began);
            await end.CancelAsync();
            await Task.WhenAll(looking);
            return (long)time.TotalSeconds;
        }

        async ValueTask EndAsync()
        {
            http.Dispose();
            await program.DisposeAsync();
        }
    }

    private static async Task StreamAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await http.GetStreamAsync(new Uri(House, UriKind.Relative), cancellationToken);
            await stream.CopyToAsync(Stream.Null, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Looked long enough.
        }
    }
}
