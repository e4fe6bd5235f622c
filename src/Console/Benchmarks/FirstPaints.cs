using Groundwork.Ports.Experiments;

namespace Groundwork.Console.Benchmarks;

/// <summary>How soon something of a page is to be seen, by Chromium's own count, on this machine and without a screen.</summary>
internal sealed class FirstPaints : Benchmark
{
    private const string FirstPaint =
        """
        new Promise(done => {
            const look = () => {
                const paint = performance.getEntriesByName('first-contentful-paint')[0];
                if (paint) done(paint.startTime); else setTimeout(look, 5);
            };
            look();
        })
        """;

    public override string Name => "console.paint";

    public override string Work => "Each page of the console opened again and again in one tab of Chromium, which has its assets, and a page of one word beside them.";

    public override string Unit => "pages";

    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        if (HeadlessChromium.Program is not { } chromium)
            return [.. ConsoleBenchmarks.Pages.Select(p => Contender.Absent(p.Name, "Chromium is not installed (Debian: apt-get install chromium)."))];
        var program = await ConsoleBenchmarks.StartAsync(context, "program", cancellationToken);
        var browser = await HeadlessChromium.StartAsync(chromium, Path.Combine(context.Folder, "browser"), cancellationToken);
        return
        [
            .. ConsoleBenchmarks.Pages.Select(p => Page(p.Name, new Uri(program.Address, p.Address))),
            Page("a page of one word, the browser alone", new Uri("data:text/html,word")),
        ];

        Contender Page(string name, Uri address)
        {
            var times = new List<double>();
            return new Contender(name, OpenAsync, EndAsync)
            {
                FiguresAsync = _ => new([new Figure("median first paint", times.Order().ElementAt(times.Count / 2), FigureUnit.Milliseconds), new Figure("slowest", times.Max(), FigureUnit.Milliseconds)]),
            };

            async Task<long> OpenAsync(CancellationToken token)
            {
                times.Clear();
                for (var i = 0; i < (context.Smoke ? 1 : 10); i++)
                {
                    await browser.OpenAsync(address, token);
                    times.Add(await browser.EvaluateAsync(FirstPaint, token));
                }

                return times.Count;
            }
        }

        async ValueTask EndAsync()
        {
            await browser.DisposeAsync();
            await program.DisposeAsync();
        }
    }
}
