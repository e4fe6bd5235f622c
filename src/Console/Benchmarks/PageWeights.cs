using System.Diagnostics;
using Groundwork.Ports.Experiments;

namespace Groundwork.Console.Benchmarks;

/// <summary>How soon a page is there, and what it weighs: from the request to its last byte, as a browser asks for it.</summary>
internal sealed class PageWeights : Benchmark
{
    public override string Name => "console.pages";

    public override string Work => "Each page of the console, compressed, again and again over one connection; its assets, which a browser has by then, left out.";

    public override string Unit => "pages";

    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var program = await ConsoleBenchmarks.StartAsync(context, "program", cancellationToken);
        var http = new HttpClient { BaseAddress = program.Address };
        http.DefaultRequestHeaders.Add("accept", "text/html");
        http.DefaultRequestHeaders.Add("accept-encoding", "br");
        return [.. ConsoleBenchmarks.Pages.Select(p => Page(p.Name, p.Address))];

        Contender Page(string name, string address)
        {
            var times = new List<double>();
            var bytes = 0L;
            return new Contender(name, AskAsync, EndAsync, program.ProcessId)
            {
                OnlyServerCounts = true,
                FiguresAsync = _ => new([new Figure("on the wire", bytes, FigureUnit.Bytes), new Figure("median", times.Order().ElementAt(times.Count / 2), FigureUnit.Milliseconds)]),
            };

            async Task<long> AskAsync(CancellationToken token)
            {
                times.Clear();
                for (var i = 0; i < (context.Smoke ? 2 : 50); i++)
                {
                    var began = Stopwatch.GetTimestamp();
                    bytes = (await http.GetByteArrayAsync(new Uri(address, UriKind.Relative), token)).Length;
                    times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                }

                return times.Count;
            }
        }

        async ValueTask EndAsync()
        {
            http.Dispose();
            await program.DisposeAsync();
        }
    }
}
