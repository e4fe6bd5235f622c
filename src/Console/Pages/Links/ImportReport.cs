using System.Text;
using System.Text.Json;
using Groundwork.Console.Api;
using Groundwork.Platform.Http;

namespace Groundwork.Console.Pages.Links;

/// <summary>What became of a pasted list. Immutable.</summary>
/// <param name="Rows">Row by row, as pasted.</param>
/// <param name="Created">How many links were made.</param>
/// <param name="Existing">How many were there.</param>
/// <param name="Failed">How many were refused.</param>
public sealed record ImportReport(IReadOnlyList<ImportedRow> Rows, long Created, long Existing, long Failed)
{
    /// <summary>Reads the API's answer, a line a row and a summary.</summary>
    internal static ImportReport Of(ApiAnswer answer, IReadOnlyList<string> pasted)
    {
        var rows = new List<ImportedRow>();
        var (created, existing, failed) = (0L, 0L, 0L);
        foreach (var line in answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var result = JsonSerializer.Deserialize<Line>(line, Lenient)!;
            if (result.Summary is { } summary)
            {
                (created, existing, failed) = (summary.Created, summary.Existing, summary.Failed);
                continue;
            }

            rows.Add(new ImportedRow(
                result.Row, result.Row <= pasted.Count ? pasted[(int)result.Row - 1] : "", result.Status ?? "", result.Code, result.ShortUrl,
                result.Problem?.Detail ?? result.Problem?.Title));
        }

        return new ImportReport(rows, created, existing, failed);
    }

    /// <summary>The same as a file for a spreadsheet.</summary>
    public string ToCsv()
    {
        var csv = new StringBuilder("row,status,short_url,code,why,pasted\n");
        foreach (var row in Rows)
            csv.Append(row.Number).Append(',').AppendJoin(',', new[] { row.Status, row.ShortUrl, row.Code, row.Why, row.Pasted }.Select(Cell)).Append('\n');
        return csv.ToString();
    }

    // What a spreadsheet would take for a formula stands behind an apostrophe.
    private static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var safe = text[0] is '=' or '+' or '-' or '@' or '\t' ? "'" + text : text;
        return $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static JsonSerializerOptions Lenient { get; } =
        new(HttpJson.Options) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip };

    private sealed record Line(long Row, string? Status, string? Code, string? ShortUrl, LineProblem? Problem, Counts? Summary);

    private sealed record LineProblem(string? Title, string? Detail);

    private sealed record Counts(long Rows, long Created, long Existing, long Failed);
}

/// <summary>What became of a row.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Pasted">As it was pasted.</param>
/// <param name="Status">created, existing or failed.</param>
/// <param name="Code">Of its link.</param>
/// <param name="ShortUrl">Of its link.</param>
/// <param name="Why">Why there is none.</param>
public sealed record ImportedRow(long Number, string Pasted, string Status, string? Code, string? ShortUrl, string? Why);
