using System.Globalization;
using System.Net;
using System.Text;
using Groundwork.Links.Clicks;
using Groundwork.Ports.Experiments;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Links.Benchmarks;

/// <summary>How long the statistics of a link take that was followed ten million times over two years.</summary>
internal sealed class Statistics : Benchmark
{
    private const int Days = 730;
    private const int ClicksAnHour = 571;

    // Writes that share a commit.
    private const int Chunk = 512;

    public override string Name => "links.stats";

    public override string Work =>
        $"The statistics of a link with 10 million clicks over two years, {ClicksAnHour} in every hour, asked for over one connection.";

    public override string Unit => "answers";

    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var days = context.Smoke ? 30 : Days;
        var links = await LinkSet.MakeAsync(context.Services, context.Folder, 1, cancellationToken);
        var now = context.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        await ClickAsync(context, links.First, now, days, cancellationToken);

        var ours = await LoadedServer.StartAsync(context, context.Folder, [], cancellationToken);
        var from = Date(now.AddDays(-days));
        return
        [
            await AskAsync("Groundwork, two years by month", $"from={from}&interval=month"),
            await AskAsync("Groundwork, two years by day", $"from={from}&interval=day"),
            await AskAsync("Groundwork, two years by day, with referrers", $"from={from}&interval=day&group_by=referrer"),
            await AskAsync("Groundwork, the last 30 days", ""),
            await AskAsync("Groundwork, the last month by hour", $"from={Date(now.AddDays(-29))}&interval=hour"),
        ];

        Task<Contender> AskAsync(string name, string query)
        {
            var request = Encoding.ASCII.GetBytes($"GET /v1/urls/{links.Code(0)}/stats?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n");
            return ours.ClosedAsync(name, connections: 1, HttpStatusCode.OK, Write, cancellationToken);

            int Write(Span<byte> buffer)
            {
                request.CopyTo(buffer);
                return request.Length;
            }
        }
    }

    private static string Date(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static async Task ClickAsync(IBenchmarkContext context, long number, DateTimeOffset until, int days, CancellationToken cancellationToken)
    {
        await using var server = LinkSet.Server(context.Services, context.Folder);
        var store = new ClickStore(await server.OpenAsync(LinkStore.Schema, cancellationToken));
        var random = new Random(1);
        var end = until.ToUnixTimeSeconds() / 3600;
        foreach (var hours in Enumerable.Range(0, days * 24).Chunk(Chunk))
        {
            await Task.WhenAll(hours.Select(hour =>
                store.WriteAsync(number, end - hour, ClickStore.NewPart(), Hour(random).ToBytes(), cancellationToken)));
        }

        // As they are two days later; those of today and yesterday never are.
        foreach (var earlier in Enumerable.Range(2, days - 1).Chunk(Chunk))
            await Task.WhenAll(earlier.Select(day => store.FoldAsync(number, (end / 24) - day, cancellationToken)));
    }

    // As various as the clicks of people are.
    private static Rollup Hour(Random random)
    {
        var rollup = new Rollup();
        rollup.Add(ClickKind.Click, ClicksAnHour);
        rollup.Add(ClickKind.Bot, ClicksAnHour / 20);
        Spread(ClickDimension.Referrer, 20);
        Spread(ClickDimension.Browser, 6);
        Spread(ClickDimension.System, 6);
        Spread(ClickDimension.Device, 3);
        Spread(ClickDimension.Language, 12);
        for (var click = 0; click < ClicksAnHour; click++)
            rollup.Visitors.Add((ulong)random.NextInt64() << 1);
        return rollup;

        void Spread(ClickDimension dimension, int values)
        {
            for (var value = 0; value < values; value++)
                rollup.Add(dimension, string.Create(CultureInfo.InvariantCulture, $"{dimension}-{value}.example"), 1 + (ClicksAnHour / values));
        }
    }
}
