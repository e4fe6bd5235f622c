using System.Text;

namespace Groundwork.Console.Pages.Links;

/// <summary>A list as somebody pasted it, understood: CSV whose first line names the columns, or a long URL on each line. Pure.</summary>
internal static class PastedList
{
    /// <summary>How many rows are taken at once here; the API takes any number.</summary>
    public const int MaxRows = 5_000;

    private const string Column = "long_url";

    /// <summary>The list as CSV for the API, and its rows as they were pasted, in their order: blank lines and the header are none.</summary>
    public static (string Csv, IReadOnlyList<string> Rows) Read(string text)
    {
        var records = Records(text);
        if (records.Count > 0 && Names(records[0]).Contains(Column, StringComparer.Ordinal))
            return (text, records[1..]);

        var csv = new StringBuilder(Column).Append('\n');
        foreach (var line in records = [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)])
            csv.Append('"').Append(line.Replace("\"", "\"\"", StringComparison.Ordinal)).Append("\"\n");
        return (csv.ToString(), records);
    }

    private static IEnumerable<string> Names(string header) => header.TrimStart('\uFEFF').Split(',').Select(n => n.Trim().Trim('"'));

    // A line within quotes goes on; a doubled quote leaves and enters them at once.
    private static List<string> Records(string text)
    {
        var records = new List<string>();
        var isQuoted = false;
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '"')
                isQuoted = !isQuoted;
            if (i < text.Length && (text[i] != '\n' || isQuoted))
                continue;
            if (text[start..i].Trim() is { Length: > 0 } record)
                records.Add(record);
            start = i + 1;
        }

        return records;
    }
}
