using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Groundwork.Ports.Experiments;

namespace Groundwork.Links.Benchmarks;

/// <summary>How fast many links are made at once, each durable before its row is acknowledged.</summary>
internal sealed class Imports : Benchmark
{
    public override string Name => "links.import";

    public override string Work => "Rows of a long address each, imported as one streamed body of NDJSON, each row acknowledged after its fsync.";

    public override string Unit => "rows";

    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var rows = context.Smoke ? 1_000 : 200_000;
        var ours = await LoadedServer.StartAsync(context, context.Folder, [], cancellationToken);
        var client = new HttpClient { BaseAddress = ours.Address, Timeout = Timeout.InfiniteTimeSpan };
        var next = 0L;
        return
        [
            new Contender(
                "Groundwork",
                token =>
                {
                    var first = next;
                    next += rows;
                    return ImportAsync(client, first, rows, token);
                },
                async () =>
                {
                    client.Dispose();
                    await ours.Dispose();
                },
                ours.ProcessId)
            {
                OnlyServerCounts = true,
                FiguresAsync = _ => new([new Figure("resident memory", ours.ResidentBytes(), FigureUnit.Bytes)]),
            },
        ];
    }

    private static async Task<long> ImportAsync(HttpClient client, long first, int rows, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/urls:import") { Content = new Rows(first, rows) };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        var answered = 0;
        while (await reader.ReadLineAsync(cancellationToken) is not null)
            answered++;
        return answered >= rows ? rows : throw new InvalidOperationException($"Of {rows} rows only {answered} were answered.");
    }

    // Written while the answers are read, as a client that imports a file does.
    private sealed class Rows : HttpContent
    {
        private readonly long _first;
        private readonly int _count;

        public Rows(long first, int count)
        {
            (_first, _count) = (first, count);
            Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await using var writer = new StreamWriter(stream, bufferSize: 64 << 10, leaveOpen: true);
            for (var row = _first; row < _first + _count; row++)
            {
                await writer.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"{{\"long_url\":\"https://example.org/imported/2026/{row}/what-it-is-about\"}}"));
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
