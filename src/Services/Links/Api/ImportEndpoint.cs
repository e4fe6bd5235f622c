using Groundwork.Links.Import;
using Groundwork.Platform.Http;
using Groundwork.Platform.Serving;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Groundwork.Links;

/// <summary><c>POST /v1/urls:import</c>.</summary>
internal sealed class ImportEndpoint(LinkImport import, ImportSpools spools, IInstanceStatus instance, LinksOptions options) : IDisposable
{
    public const string Description =
        "The body is CSV (text/csv), whose first line names the columns, or NDJSON (application/x-ndjson), each line the body of a create; in UTF-8, "
        + "of any length. The columns are long_url, custom_alias, ttl, expires_at, redirect, forward_query, owner, tags and title, in any order, all but "
        + "long_url optional; an empty field says nothing; tags are separated by ; or, in quotes, by commas. A row has at most 64 KiB; blank lines are "
        + "passed over. The answer comes once the whole body was read: NDJSON, a line a row in their order, with row (from 1), status (created, existing or "
        + "failed), and code and short_url or line and problem; then a line with a summary. Rows are made with dedupe: one whose owner and address, or whose alias, "
        + "was made so before finds that link. So an import is sent again as a whole, whatever became of it, and makes nothing twice; an Idempotency-Key is "
        + "not needed and not looked at. A row that fails stops no other.";

    public const string Csv = "text/csv";

    public const string JsonLines = "application/x-ndjson";

    // Each takes a few megabytes; some tens where all of its rows are as long as they may be.
    private const int MaxAtOnce = 4;

    private readonly SemaphoreSlim _free = new(MaxAtOnce);

    /// <summary>How many imports are running.</summary>
    public int Running => MaxAtOnce - _free.CurrentCount;

    public async Task<IResult> HandleAsync(HttpContext http)
    {
        if (!TryReadType(http.Request, out var isCsv))
            return Problem.UnsupportedMediaType.Result($"This endpoint reads {Csv} or {JsonLines}, in UTF-8 and not compressed.");
        if (!_free.Wait(0, CancellationToken.None))
            return Problem.Unavailable.Result($"{MaxAtOnce} imports are running; ask again when one has ended.") with { RetryAfter = TimeSpan.FromSeconds(10) };
        try
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, instance.Stopping);
            return await RunAsync(http, isCsv, ending.Token);
        }
        catch (OperationCanceledException) when (instance.Stopping.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            return Problem.Stopping.Result("This instance is stopping. The links made so far stay; send the file again: it makes nothing twice.")
                with
            { RetryAfter = TimeSpan.FromSeconds(1) };
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();

    /// <summary>Describes the body, which is bound by hand.</summary>
    public static void Describe(OpenApiOperation operation) => operation.RequestBody = new OpenApiRequestBody
    {
        Required = true,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [Csv] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
            [JsonLines] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
        },
    };

    private async Task<IResult> RunAsync(HttpContext http, bool isCsv, CancellationToken cancellationToken)
    {
        var records = new RecordReader(http.Request.BodyReader, quoted: isCsv);
        IRowFormat format = new JsonRows();
        if (isCsv)
        {
            if (!await FindHeaderAsync(records, cancellationToken))
                return Problem.InvalidRequest.Result("The body is empty. The first line of CSV names the columns, of which long_url must be one.");
            if (!CsvRows.TryReadHeader(records.Record.Span, out var rows, out var problem))
                return problem;
            format = rows;
        }

        await using var spool = spools.Open();
        using var results = new ImportResults(spools, spool, ShortAddress.Of("", http.Request, options));
        await import.RunAsync(records, format, http.Request.Host, results, cancellationToken);
        await results.CompleteAsync(cancellationToken);

        spool.Position = 0;
        http.Response.ContentType = JsonLines;
        http.Response.ContentLength = spool.Length;
        await spool.CopyToAsync(http.Response.Body, cancellationToken);
        return Results.Empty;
    }

    private static async Task<bool> FindHeaderAsync(RecordReader records, CancellationToken cancellationToken)
    {
        while (await records.ReadAsync(cancellationToken))
        {
            if (!LinkImport.IsBlank(records.Record.Span) || records.Fault != RecordFault.None)
                return true;
        }

        return false;
    }

    private static bool TryReadType(HttpRequest request, out bool isCsv)
    {
        isCsv = false;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || (type.Charset.HasValue && !HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            || (request.Headers.ContentEncoding is { Count: > 0 } encoding && !encoding.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase)))
            return false;
        isCsv = type.MediaType.Equals(Csv, StringComparison.OrdinalIgnoreCase);
        return isCsv || type.MediaType.Equals(JsonLines, StringComparison.OrdinalIgnoreCase);
    }
}
